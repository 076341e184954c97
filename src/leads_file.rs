//! `warmline import`: a file of leads into a campaign, with a report.

use jiff::Timestamp;
use warmline_engine::Engine;
use warmline_workflows::{CampaignId, TenantId};

use crate::cli::Import;
use crate::config::Config;

pub async fn run(_: &Config, _: &Import) -> anyhow::Result<()> {
    anyhow::bail!("not there yet")
}

pub(crate) async fn import(_: &Engine, _: std::fs::File, _: (TenantId, CampaignId), _: Timestamp) -> anyhow::Result<()> {
    anyhow::bail!("not there yet")
}
