//! The contract, as OpenAPI 3.1, made of the code.

use std::sync::OnceLock;

use utoipa::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};

use super::routes;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Account service",
        description = "Only the account's credential. No field of this document holds a prompt, a picture or a count of \
                       them but the requests that make one. Every other body has at most 4 KiB.",
    ),
    paths(
        routes::service,
        routes::challenge,
        routes::verify,
        routes::registration_start,
        routes::registration_finish,
        routes::login_start,
        routes::login_finish,
        routes::refresh,
        routes::sessions,
        routes::end_other_sessions,
        routes::name_session,
        routes::end_session,
        routes::account,
        routes::delete_account,
        routes::change_profile,
        routes::change_email,
        routes::undo_email,
        routes::export,
        routes::generate,
    )
)]
struct Document;

/// The document as JSON.
pub fn document() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let mut document = Document::openapi();
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document.components.get_or_insert_default().add_security_scheme("bearer", bearer);
        document.to_json().unwrap_or_default()
    })
}
