//! The REST surface: the part of the carrier's API that a dialer needs.

mod account;
mod calls;
mod conferences;
pub(crate) mod error;
pub(crate) mod form;
mod gate;
mod mischief;
mod numbers;
mod page;
mod participants;
mod recordings;
mod resource;
mod test_credentials;

use std::sync::Arc;

use axum::Router;
use axum::extract::OriginalUri;
use axum::middleware::from_fn_with_state;
use axum::routing::get;

use crate::carrier::Carrier;
use error::ApiError;

pub(crate) use test_credentials::router as test_router;

/// The account's part of the API: `/2010-04-01/Accounts/…`.
pub(crate) fn router(carrier: &Arc<Carrier>) -> Router<Arc<Carrier>> {
    let account = Router::new()
        .route("/Calls.json", get(calls::list).post(calls::create))
        .route("/Calls/{sid}", get(calls::fetch).post(calls::update).delete(calls::remove))
        .route("/Calls/{sid}/Recordings.json", get(recordings::list_of_call))
        .route("/Conferences.json", get(conferences::list))
        .route("/Conferences/{sid}", get(conferences::fetch).post(conferences::update))
        .route("/Conferences/{sid}/Recordings.json", get(recordings::list_of_conference))
        .route("/Conferences/{sid}/Participants.json", get(participants::list))
        .route(
            "/Conferences/{sid}/Participants/{call}",
            get(participants::fetch).post(participants::update).delete(participants::remove),
        )
        .route("/Recordings.json", get(recordings::list))
        .route("/Recordings/{sid}", get(recordings::fetch).delete(recordings::remove))
        .route("/IncomingPhoneNumbers.json", get(numbers::list_incoming))
        .route("/IncomingPhoneNumbers/{sid}", get(numbers::fetch_incoming))
        .route("/OutgoingCallerIds.json", get(numbers::list_outgoing))
        .route("/OutgoingCallerIds/{sid}", get(numbers::fetch_outgoing));
    Router::new()
        .route("/2010-04-01/Accounts/{account}", get(account::fetch))
        .nest("/2010-04-01/Accounts/{account}", account)
        .fallback(|OriginalUri(uri): OriginalUri| async move { ApiError::not_found(uri.path()) })
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        // The outermost is added last: headers on everything, then credentials, then faults.
        .layer(from_fn_with_state(Arc::clone(carrier), mischief::apply))
        .layer(from_fn_with_state(Arc::clone(carrier), gate::authenticate))
        .layer(from_fn_with_state(Arc::clone(carrier), gate::add_headers))
}
