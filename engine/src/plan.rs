//! The stored form of a plan: without the person, who is sealed beside it.

use warmline_workflows::CallId;
use warmline_workflows::call::Plan;

use crate::Error;
use crate::vault::{Callee, Keys, Place};

/// A plan as it is written to its call's row.
pub(crate) struct StoredPlan {
    pub(crate) plan: String,
    pub(crate) person: Vec<u8>,
}

pub(crate) fn store(keys: &Keys, plan: &Plan) -> Result<StoredPlan, Error> {
    let mut plan = plan.clone();
    let callee = Callee::take(&mut plan);
    Ok(StoredPlan {
        person: keys.seal(Place::call(plan.call), &callee)?,
        plan: serde_json::to_string(&plan).map_err(Error::unreadable("plan"))?,
    })
}

/// The plan of a call; without name and number once the person was erased.
pub(crate) fn load(keys: &Keys, call: CallId, plan: &str, person: Option<&[u8]>) -> Result<Plan, Error> {
    let mut plan: Plan = serde_json::from_str(plan).map_err(Error::unreadable("plan"))?;
    if let Some(person) = person {
        keys.open::<Callee>(Place::call(call), person)?.give(&mut plan);
    }
    Ok(plan)
}
