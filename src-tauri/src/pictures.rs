//! The image protocol: the one way a picture reaches the page. Answers are made off the window's thread.
//!
//! **Invariant:** only bytes that this program encoded are served, only while the vault is open, only to the main window.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use studio::{Code, Failure, Picture, Studio};
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager as _, Runtime, UriSchemeContext, UriSchemeResponder};

use crate::window::MAIN;

/// Scheme of a picture's address.
pub(crate) const SCHEME: &str = "vault";

/// Under which address the page asks. WebView2 knows no schemes of a program's own.
pub(crate) const BASE: &str = if cfg!(windows) { "https://vault.localhost/" } else { "vault://localhost/" };

/// The page and its pictures are different origins. WebKit lets the first load pass under a narrower policy and fails
/// the second, from its memory; WebView2 fails both. Who may ask at all is settled by [`answer`].
const RESOURCE_POLICY: &str = "cross-origin";

/// Nothing else than these leaves.
const TYPES: [&str; 3] = ["image/png", "image/jpeg", "image/webp"];

/// Takes a request in.
pub(crate) fn answer<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    if context.webview_label() != MAIN {
        responder.respond(refuse(StatusCode::FORBIDDEN));
        return;
    }
    match context.app_handle().try_state::<Painters>() {
        Some(painters) => painters.ask(Order { address: request.uri().path().to_owned(), responder }),
        None => responder.respond(refuse(StatusCode::SERVICE_UNAVAILABLE)),
    }
}

/// A picture that was asked for.
struct Order {
    address: String,
    responder: UriSchemeResponder,
}

/// What waits, newest last: it is painted first, since who scrolls fast has left the older ones behind.
#[derive(Default)]
struct Waiting {
    orders: Mutex<Vec<Order>>,
    come: Condvar,
}

/// The threads that answer.
pub(crate) struct Painters {
    waiting: Arc<Waiting>,
}

impl Painters {
    /// Starts them; they live as long as the program.
    pub fn start(studio: Studio) -> Self {
        let waiting = Arc::new(Waiting::default());
        let count = thread::available_parallelism().map_or(2, usize::from).clamp(2, 6);
        for _ in 0..count {
            let (waiting, studio) = (Arc::clone(&waiting), studio.clone());
            thread::spawn(move || paint_for_ever(&waiting, &studio));
        }
        Self { waiting }
    }

    fn ask(&self, order: Order) {
        self.waiting.orders.lock().unwrap_or_else(PoisonError::into_inner).push(order);
        self.waiting.come.notify_one();
    }
}

fn paint_for_ever(waiting: &Waiting, studio: &Studio) {
    loop {
        let orders = waiting.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let orders = waiting.come.wait_while(orders, |orders| orders.is_empty());
        let order = orders.unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(order) = order {
            order.responder.respond(response(studio.picture_at(&order.address)));
        }
    }
}

fn response(picture: Result<Picture, Failure>) -> Response<Vec<u8>> {
    match picture {
        Ok(picture) if TYPES.contains(&picture.mime.as_str()) => {
            with_headers(StatusCode::OK, Some(&picture.mime), picture.bytes)
        }
        Ok(_) => refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE),
        Err(failure) => refuse(match failure.code {
            Code::Locked | Code::NoVault => StatusCode::LOCKED,
            Code::BadRequest => StatusCode::BAD_REQUEST,
            Code::NoSuchItem => StatusCode::NOT_FOUND,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }),
    }
}

fn refuse(status: StatusCode) -> Response<Vec<u8>> {
    with_headers(status, None, Vec::new())
}

fn with_headers(status: StatusCode, mime: Option<&str>, bytes: Vec<u8>) -> Response<Vec<u8>> {
    let mut response = Response::builder()
        .status(status)
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
        .header("Cross-Origin-Resource-Policy", RESOURCE_POLICY);
    if let Some(mime) = mime {
        response = response.header(header::CONTENT_TYPE, mime);
    }
    // The parts above are constants but the type, which is one of `TYPES`: it can't fail.
    response.body(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(mime: &str) -> Result<Picture, Failure> {
        Ok(Picture { bytes: vec![1, 2, 3], mime: mime.to_owned() })
    }

    #[test]
    fn a_picture_is_not_stored_and_not_sniffed() {
        let response = response(picture("image/webp"));
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "image/webp");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(response.headers()[header::CONTENT_SECURITY_POLICY], "default-src 'none'; sandbox");
        assert_eq!(response.body(), &[1, 2, 3]);
    }

    #[test]
    fn nothing_but_pictures_leaves() {
        for mime in ["image/svg+xml", "text/html", "image/avif", ""] {
            let response = response(picture(mime));
            assert_eq!(response.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "{mime}");
            assert!(response.body().is_empty(), "{mime}");
        }
    }

    #[test]
    fn a_locked_vault_answers_423() {
        let response = response(Err(Code::Locked.into()));
        assert_eq!(response.status(), StatusCode::LOCKED);
        assert!(response.body().is_empty());
    }
}
