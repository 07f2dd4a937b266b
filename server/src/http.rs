//! The doors: paths, bodies, answers. What comes in is read strictly and within bounds before anything is asked of it.
//!
//! **Invariant:** no line of the log and no metric has an address, a token, a body or the part of a path that names
//! something.

mod body;
mod document;
mod metrics;
pub mod reply;
mod routes;
mod serve;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, patch, post};
use wire::NoticeVersion;

use crate::accounts::Accounts;
use crate::images::Engine;
pub use document::document;
pub use metrics::Metrics;
pub use serve::{Listening, serve};

/// What the doors know.
pub struct Service {
    /// What is behind them.
    pub accounts: Accounts,
    /// The notice that is in force.
    pub notice_version: NoticeVersion,
    /// Whether a proxy that is trusted stands before the service and says where requests come from.
    pub behind_proxy: bool,
    /// What makes pictures for accounts, where there is such a thing.
    pub engine: Option<Engine>,
    /// What is counted.
    pub metrics: Metrics,
}

type State = axum::extract::State<Arc<Service>>;

/// All paths.
pub fn router(service: Arc<Service>) -> Router {
    let v1 = Router::new()
        .route("/service", get(routes::service))
        .route("/openapi.json", get(routes::openapi))
        .route("/email-challenges", post(routes::challenge))
        .route("/email-challenges/{id}/verify", post(routes::verify))
        .route("/opaque/registration/start", post(routes::registration_start))
        .route("/opaque/registration/finish", post(routes::registration_finish))
        .route("/opaque/login/start", post(routes::login_start))
        .route("/opaque/login/finish", post(routes::login_finish))
        .route("/session/refresh", post(routes::refresh))
        .route("/sessions", get(routes::sessions).delete(routes::end_other_sessions))
        .route("/sessions/{id}", patch(routes::name_session).delete(routes::end_session))
        .route("/account", get(routes::account).delete(routes::delete_account))
        .route("/account/profile", patch(routes::change_profile))
        .route("/account/email", post(routes::change_email))
        .route("/account/email/undo", post(routes::undo_email))
        .route("/account/export", post(routes::export))
        .route("/images/generations", post(routes::generate));
    Router::new()
        .nest("/v1", v1)
        .route("/healthz", get(routes::health))
        .route("/metrics", get(routes::metrics))
        .fallback(routes::nothing_here)
        .method_not_allowed_fallback(routes::nothing_here)
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&service), reply::around))
        .with_state(service)
}
