//! What is counted: answers by path, mails. Nothing that is about anybody.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Sent {
    sent: bool,
}

/// The counts of this process.
pub struct Metrics {
    registry: Registry,
    answers: Family<Answered, Counter>,
    times: Histogram,
    mails: Family<Sent, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::default();
        let (answers, mails) = (Family::default(), Family::default());
        // From a quarter of a millisecond to four seconds.
        let times = Histogram::new(exponential_buckets(0.000_25, 2.0, 15));
        registry.register("zimage_answers", "Answers, by path and status", answers.clone());
        registry.register("zimage_answer_seconds", "Time from request to answer", times.clone());
        registry.register("zimage_mails", "Mails, sent or not", mails.clone());
        Self { registry, answers, times, mails }
    }
}

impl Metrics {
    pub(super) fn answered(&self, method: &str, route: &str, status: u16, taken: Duration) {
        let method = if ["GET", "POST", "PATCH", "DELETE"].contains(&method) { method } else { "other" };
        let labels = Answered { method: method.to_owned(), route: route.to_owned(), status };
        self.answers.get_or_create(&labels).inc();
        self.times.observe(taken.as_secs_f64());
    }

    /// A mail was sent, or could not be.
    pub fn mail(&self, sent: bool) {
        self.mails.get_or_create(&Sent { sent }).inc();
    }

    /// As Prometheus reads them.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a text does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
