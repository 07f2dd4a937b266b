//! How mails leave: over SMTP, or (in development) onto the terminal.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::Mail;
use crate::http::Service;

/// Mails that are taken out of the outbox at a time, and sent beside each other: a slow mail server holds none of them up.
const AT_ONCE: i64 = 8;

/// The way out.
pub enum Post {
    /// They are printed.
    Terminal,
    /// They are handed to a mail server.
    Smtp {
        /// The connection to it.
        transport: Box<AsyncSmtpTransport<Tokio1Executor>>,
        /// Whose mails they are.
        from: Box<Mailbox>,
    },
}

/// A mail server's address, or a sender's, that is none.
#[derive(Debug, thiserror::Error)]
#[error("not an address of a mail server or a sender")]
pub struct PostError;

impl Post {
    /// A mail server by its URL (`smtps://user:password@host`, `smtp://host:587?tls=required`).
    ///
    /// # Errors
    /// [`PostError`].
    pub fn smtp(url: &str, from: &str) -> Result<Self, PostError> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| PostError)?.build();
        let transport = Box::new(transport);
        Ok(Self::Smtp { transport, from: Box::new(from.parse().map_err(|_| PostError)?) })
    }

    async fn send(&self, mail: &Mail) -> Result<(), PostError> {
        let (subject, body) = mail.words();
        match self {
            Self::Terminal => {
                let text = format!("\nTo: {}\nSubject: {subject}\n\n{body}\n", mail.to.as_str());
                std::io::stdout().write_all(text.as_bytes()).map_err(|_| PostError)
            }
            Self::Smtp { transport, from } => {
                let message = Message::builder()
                    .from((**from).clone())
                    .to(mail.to.as_str().parse().map_err(|_| PostError)?)
                    .subject(subject)
                    .header(ContentType::TEXT_PLAIN)
                    .body(body)
                    .map_err(|_| PostError)?;
                transport.send(message).await.map(drop).map_err(|_| PostError)
            }
        }
    }
}

/// Sends what is in the outbox, looking into it at every `tick`; for ever.
pub async fn carry(service: Arc<Service>, post: Post, tick: Duration) {
    let mut ticks = tokio::time::interval(tick);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let asked = Arc::clone(&service);
        let due = tokio::task::spawn_blocking(move || asked.accounts.due_mails(AT_ONCE)).await;
        // Without a database there is nothing to send; the next tick asks again.
        let Ok(Ok(due)) = due else { continue };
        let (service, post) = (&service, &post);
        let sends = due.into_iter().map(|due| async move {
            if post.send(&due.mail).await.is_err() {
                service.mail_failed();
                return;
            }
            service.metrics.mail(true);
            let told = Arc::clone(service);
            // A mail that was sent and can't be taken out comes twice, which is better than never.
            let _ = tokio::task::spawn_blocking(move || told.accounts.mail_sent(&due.id)).await;
        });
        futures_util::future::join_all(sends).await;
    }
}
