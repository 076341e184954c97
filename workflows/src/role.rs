//! Roles: what a person may do in an organisation.

use crate::words::words;

words! {
    /// What a person may do. Each may also do what the ones before it may, but for taking calls, which
    /// needs an agent's profile and no particular role.
    pub enum Role, "role" {
        /// Takes calls, and sees what concerns them.
        Agent = "agent",
        /// Runs campaigns, leads and agents.
        Manager = "manager",
        /// Also runs users, keys, settings and money of its organisation.
        TenantAdmin = "tenant_admin",
        /// Also runs the installation: its organisations.
        Admin = "admin",
    }
}

impl Role {
    /// Whether this role may do what the other may.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self >= other
    }
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn each_role_covers_those_below() {
        assert!(Role::Admin.covers(Role::TenantAdmin) && Role::TenantAdmin.covers(Role::Manager));
        assert!(Role::Manager.covers(Role::Agent) && !Role::Agent.covers(Role::Manager));
    }
}
