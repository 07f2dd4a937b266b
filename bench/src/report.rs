//! A measurement's results: a table to read and a file to keep.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use model::{Clock, SystemClock};
use serde_json::{Value, json};

use crate::harness::Series;
use crate::machine;

/// What a figure has to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// At least this.
    Least(f64),
    /// At most this.
    Most(f64),
    /// It is told, not judged.
    None,
}

/// A figure.
#[derive(Debug, Clone)]
struct Row {
    what: String,
    value: f64,
    unit: &'static str,
    target: Target,
}

impl Row {
    fn met(&self) -> Option<bool> {
        match self.target {
            Target::Least(least) => Some(self.value >= least),
            Target::Most(most) => Some(self.value <= most),
            Target::None => None,
        }
    }

    fn target(&self) -> String {
        match self.target {
            Target::Least(least) => format!("≥ {least}"),
            Target::Most(most) => format!("≤ {most}"),
            Target::None => String::new(),
        }
    }
}

/// All that a measurement found.
pub struct Report {
    name: &'static str,
    notes: Vec<String>,
    rows: Vec<Row>,
    series: Vec<Series>,
}

impl Report {
    /// An empty one.
    pub fn new(name: &'static str) -> Self {
        Self { name, notes: Vec::new(), rows: Vec::new(), series: Vec::new() }
    }

    /// Says what was done.
    pub fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }

    /// Adds a figure.
    pub fn row(&mut self, what: impl Into<String>, value: f64, unit: &'static str, target: Target) {
        self.rows.push(Row { what: what.into(), value, unit, target });
    }

    /// Keeps raw results; their medians are shown too.
    pub fn keep(&mut self, series: Vec<Series>) {
        self.series.extend(series);
    }

    /// Whether every target was met.
    pub fn met(&self) -> bool {
        self.rows.iter().all(|row| row.met() != Some(false))
    }

    /// The table.
    pub fn print(&self) {
        println!("\n{}", self.name);
        self.notes.iter().for_each(|note| println!("  {note}"));
        println!("  {:<62} {:>12} {:>12}", "medians", "wall ms", "CPU ms");
        for series in &self.series {
            println!("  {} {:>12.3} {:>12.3}", padded(&series.name, 62), series.wall(), series.cpu());
        }
        println!("  {:<62} {:>12} {:>12}", "figures", "result", "target");
        for row in &self.rows {
            let verdict = match row.met() {
                Some(true) => "met",
                Some(false) => "MISSED",
                None => "",
            };
            let value = format!("{:.3} {}", row.value, row.unit);
            println!("  {} {value:>12} {:>12}  {verdict}", padded(&row.what, 62), row.target());
        }
        println!();
    }

    /// The file in `docs/benchmarks`, one for each day and measurement.
    pub fn write(&self) -> Result<()> {
        let now = SystemClock.now().to_rfc3339();
        let date = now.get(..10).unwrap_or_default();
        let folder = docs();
        fs::create_dir_all(&folder)?;
        let text = serde_json::to_string_pretty(&self.to_json(date))? + "\n";
        let name = format!("{date}-{}.json", self.name);
        fs::write(folder.join(&name), text).with_context(|| format!("{name} can't be written"))
    }

    fn to_json(&self, date: &str) -> Value {
        let rows = self.rows.iter().map(|row| {
            json!({ "what": row.what, "value": tidy(row.value), "unit": row.unit, "target": row.target(), "met": row.met() })
        });
        let list = |values: &[f64]| values.iter().map(|value| tidy(*value)).collect::<Vec<f64>>();
        let series = self.series.iter().map(|series| {
            json!({
                "name": series.name,
                "median_wall_ms": tidy(series.wall()), "median_cpu_ms": tidy(series.cpu()),
                "wall_ms": list(&series.wall), "cpu_ms": list(&series.cpu),
            })
        });
        json!({
            "measurement": self.name,
            "date": date,
            "machine": machine::facts(),
            "notes": self.notes,
            "figures": rows.collect::<Vec<Value>>(),
            "series": series.collect::<Vec<Value>>(),
        })
    }
}

/// Microseconds are fine enough for milliseconds.
fn tidy(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.chars().count());
    format!("{text}{}", " ".repeat(missing))
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/benchmarks")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_target_is_told_and_a_figure_without_one_is_not_judged() {
        let mut report = Report::new("test");
        report.row("told", 9.0, "×", Target::None);
        report.row("met", 2.0, "×", Target::Least(2.0));
        assert!(report.met());
        report.row("missed", 2.1, "×", Target::Most(2.0));
        assert!(!report.met());
        let json = report.to_json("2026-11-24");
        assert_eq!(json["figures"][2]["met"], false);
        assert_eq!(json["figures"][0]["met"], Value::Null);
    }
}
