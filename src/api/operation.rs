//! The table of operations: who may do what. The gate, the documents and the tests all read it.

use warmline_workflows::Role;

/// One operation of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// Its name, as under `operationId` in the OpenAPI document.
    pub id: &'static str,
    /// Who may do it.
    pub access: Access,
    /// What an API key must have been given; none where keys have no business.
    pub scope: Option<&'static str>,
    /// Whether an `Idempotency-Key` is heeded: it creates or starts something.
    pub idempotent: bool,
}

/// Who may do an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Whoever has this role or one that covers it.
    From(Role),
}

const fn public(id: &'static str) -> Operation {
    Operation { id, access: Access::Public, scope: None, idempotent: false }
}

const fn agent(id: &'static str) -> Operation {
    Operation { id, access: Access::From(Role::Agent), scope: None, idempotent: false }
}

const fn manager(id: &'static str, scope: &'static str) -> Operation {
    Operation { id, access: Access::From(Role::Manager), scope: Some(scope), idempotent: false }
}

const fn tenant_admin(id: &'static str, scope: Option<&'static str>) -> Operation {
    Operation { id, access: Access::From(Role::TenantAdmin), scope, idempotent: false }
}

impl Operation {
    const fn once(self) -> Self {
        Self { idempotent: true, ..self }
    }

    /// The operation of a name.
    #[must_use]
    pub fn named(id: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|operation| operation.id == id)
    }
}

/// What an API key can be given.
pub const SCOPES: &[&str] = &[
    "campaigns:read",
    "campaigns:write",
    "leads:read",
    "leads:write",
    "dnc:read",
    "dnc:write",
    "calls:read",
    "agents:read",
    "agents:write",
    "events:read",
    "settings:write",
];

/// Every operation. What is not in here is not served.
pub const OPERATIONS: &[Operation] = &[
    // src/api/auth.rs
    public("register"),
    public("login"),
    public("refresh"),
    agent("logout"),
    agent("me"),
    // src/api/campaigns.rs
    manager("list_campaigns", "campaigns:read"),
    manager("create_campaign", "campaigns:write").once(),
    manager("get_campaign", "campaigns:read"),
    manager("update_campaign", "campaigns:write"),
    manager("delete_campaign", "campaigns:write"),
    manager("start_campaign", "campaigns:write").once(),
    manager("pause_campaign", "campaigns:write").once(),
    manager("resume_campaign", "campaigns:write").once(),
    manager("stop_campaign", "campaigns:write").once(),
    manager("clone_campaign", "campaigns:write").once(),
    // src/api/events.rs
    manager("list_events", "events:read"),
    // src/api/webhook_endpoints.rs
    manager("list_webhook_endpoints", "settings:write"),
    manager("create_webhook_endpoint", "settings:write").once(),
    manager("get_webhook_endpoint", "settings:write"),
    manager("update_webhook_endpoint", "settings:write"),
    manager("delete_webhook_endpoint", "settings:write"),
    manager("get_webhook_secret", "settings:write"),
    manager("rotate_webhook_secret", "settings:write").once(),
    manager("test_webhook_endpoint", "settings:write").once(),
    manager("list_webhook_deliveries", "settings:write"),
    manager("redeliver_webhook", "settings:write").once(),
    manager("preview_campaign", "campaigns:read"),
    // src/api/leads.rs
    manager("list_leads", "leads:read"),
    manager("create_lead", "leads:write").once(),
    manager("get_lead", "leads:read"),
    manager("update_lead", "leads:write"),
    manager("delete_lead", "leads:write"),
    manager("explain_lead", "leads:read"),
    // src/api/limits.rs
    manager("get_limits", "campaigns:read"),
    tenant_admin("update_limits", Some("settings:write")),
    // src/api/dnc.rs
    manager("list_dnc", "dnc:read"),
    manager("add_dnc", "dnc:write").once(),
    manager("add_dnc_bulk", "dnc:write").once(),
    manager("remove_dnc", "dnc:write"),
    manager("check_dnc", "dnc:read"),
    // src/api/imports.rs. An upload is too large to be kept and compared: it heeds its key by itself.
    manager("upload_leads", "leads:write"),
    manager("get_lead_template", "leads:read"),
    manager("list_imports", "leads:read"),
    manager("get_import", "leads:read"),
    manager("cancel_import", "leads:write").once(),
    manager("undo_import", "leads:write").once(),
    manager("list_import_rows", "leads:read"),
    manager("get_import_rejects", "leads:read"),
    // src/api/import_templates.rs
    manager("list_import_templates", "leads:read"),
    manager("create_import_template", "leads:write").once(),
    manager("get_import_template", "leads:read"),
    manager("update_import_template", "leads:write"),
    manager("delete_import_template", "leads:write"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_operation_has_one_name_and_a_known_scope() {
        let names: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.id).collect();
        assert_eq!(names.len(), OPERATIONS.len());
        for operation in OPERATIONS {
            assert!(operation.scope.is_none_or(|scope| SCOPES.contains(&scope)), "{operation:?}");
        }
    }
}
