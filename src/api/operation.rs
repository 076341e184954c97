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
    /// Whether the audit log says so when it changes something. Not where pages do it by themselves, all the time.
    pub is_audited: bool,
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
    Operation { id, access: Access::Public, scope: None, idempotent: false, is_audited: true }
}

const fn agent(id: &'static str) -> Operation {
    Operation { id, access: Access::From(Role::Agent), scope: None, idempotent: false, is_audited: true }
}

const fn manager(id: &'static str, scope: &'static str) -> Operation {
    Operation {
        id,
        access: Access::From(Role::Manager),
        scope: Some(scope),
        idempotent: false,
        is_audited: true,
    }
}

const fn tenant_admin(id: &'static str) -> Operation {
    Operation {
        id,
        access: Access::From(Role::TenantAdmin),
        scope: None,
        idempotent: false,
        is_audited: true,
    }
}

const fn admin(id: &'static str) -> Operation {
    Operation { id, access: Access::From(Role::Admin), scope: None, idempotent: false, is_audited: true }
}

impl Operation {
    const fn keyed(self, scope: &'static str) -> Self {
        Self { scope: Some(scope), ..self }
    }

    const fn once(self) -> Self {
        Self { idempotent: true, ..self }
    }

    const fn unaudited(self) -> Self {
        Self { is_audited: false, ..self }
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
    "calls:write",
    "agents:read",
    "agents:write",
    "events:read",
    "settings:read",
    "settings:write",
];

/// Every operation. What is not in here is not served.
///
/// What answers with a secret that is shown once is not `once`: answers to repeated requests are kept for a
/// day, and a secret is kept nowhere.
pub const OPERATIONS: &[Operation] = &[
    // src/api/auth.rs
    public("get_setup"),
    public("register"),
    public("login"),
    public("refresh"),
    agent("logout"),
    agent("me"),
    // src/api/account.rs
    agent("change_password"),
    agent("logout_everywhere"),
    agent("list_sessions"),
    agent("end_session"),
    public("reset_password"),
    // src/api/invitations.rs
    tenant_admin("create_invitation"),
    tenant_admin("list_invitations"),
    tenant_admin("revoke_invitation"),
    public("accept_invitation"),
    // src/api/users.rs
    tenant_admin("list_users"),
    tenant_admin("get_user"),
    tenant_admin("update_user"),
    tenant_admin("delete_user"),
    tenant_admin("begin_password_reset"),
    // src/api/api_keys.rs
    tenant_admin("create_api_key"),
    tenant_admin("list_api_keys"),
    tenant_admin("revoke_api_key"),
    // src/api/audit_log.rs
    tenant_admin("list_audit_log"),
    // src/api/tenant.rs
    agent("get_tenant"),
    tenant_admin("update_tenant"),
    // src/api/caller_ids.rs
    manager("list_caller_ids", "settings:read"),
    tenant_admin("add_caller_id").once(),
    tenant_admin("update_caller_id"),
    tenant_admin("remove_caller_id"),
    // src/api/carrier.rs
    manager("get_carrier", "settings:read"),
    tenant_admin("set_carrier"),
    tenant_admin("remove_carrier"),
    // src/api/tenants.rs
    admin("list_tenants"),
    admin("create_tenant").once(),
    admin("get_any_tenant"),
    admin("update_any_tenant"),
    admin("invite_tenant_admin"),
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
    tenant_admin("update_limits"),
    admin("get_any_limits"),
    admin("update_any_limits"),
    // src/api/dnc.rs
    manager("list_dnc", "dnc:read"),
    manager("add_dnc", "dnc:write").once(),
    manager("add_dnc_bulk", "dnc:write").once(),
    manager("remove_dnc", "dnc:write"),
    manager("check_dnc", "dnc:read"),
    // src/api/groups.rs
    manager("list_groups", "agents:read"),
    manager("create_group", "agents:write").once(),
    manager("get_group", "agents:read"),
    manager("update_group", "agents:write"),
    manager("delete_group", "agents:write"),
    manager("add_group_members", "agents:write").once(),
    manager("remove_group_member", "agents:write"),
    // src/api/agents.rs
    manager("list_agents", "agents:read"),
    manager("create_agent", "agents:write").once(),
    agent("get_own_agent"),
    // src/api/softphones.rs. Pages ask by themselves, every hour.
    agent("issue_softphone_token").unaudited(),
    // src/api/desk.rs
    agent("get_own_desk"),
    agent("accept_call").keyed("calls:write").once(),
    agent("decline_call").keyed("calls:write").once(),
    agent("set_call_sound").keyed("calls:write").unaudited(),
    agent("keep_call_notes").keyed("calls:write").unaudited(),
    // src/api/live/mod.rs
    agent("issue_live_ticket").unaudited(),
    public("open_live"),
    manager("get_board", "calls:read"),
    manager("get_agent", "agents:read"),
    manager("update_agent", "agents:write"),
    manager("delete_agent", "agents:write"),
    agent("set_agent_status").keyed("agents:write"),
    // src/api/calls.rs
    manager("list_calls", "calls:read"),
    manager("get_call", "calls:read"),
    agent("hang_up_call").keyed("calls:write").once(),
    agent("write_up_call").keyed("calls:write").once(),
    // src/api/recordings.rs
    tenant_admin("delete_recordings"),
    manager("link_recordings", "calls:read"),
    public("hear_recording"),
    // src/api/audio.rs. A file is too large to be kept and compared: sent twice, it is there twice.
    manager("list_audio", "campaigns:read"),
    manager("upload_audio", "campaigns:write"),
    manager("get_audio", "campaigns:read"),
    manager("delete_audio", "campaigns:write"),
    manager("link_audio", "campaigns:read"),
    // src/api/export.rs
    manager("export_calls", "calls:read"),
    // src/api/stats.rs
    manager("get_call_overview", "calls:read"),
    manager("get_calls_by_campaign", "calls:read"),
    manager("get_calls_by_disposition", "calls:read"),
    manager("get_calls_by_agent", "calls:read"),
    manager("get_calls_by_hour", "calls:read"),
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
