//! What the gallery's filters can offer.

use std::sync::PoisonError;

use rusqlite::Connection;

use crate::error::VaultError;
use crate::gallery::Scope;
use crate::roster::Roster;
use crate::tables::labels::{self, Kind};
use crate::vault::Vault;

/// A name and how many items have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// The name.
    pub name: String,
    /// How many items.
    pub count: usize,
}

/// What the filters can offer, most frequent first.
#[derive(Debug, Clone, Default)]
pub struct Facets {
    /// Programs.
    pub generators: Vec<Facet>,
    /// Models.
    pub models: Vec<Facet>,
    /// Tags.
    pub tags: Vec<Facet>,
}

impl Vault {
    /// What the filters can offer where these items are shown.
    ///
    /// # Errors
    /// When the catalogue can't be read.
    pub fn facets(&self, scope: Scope) -> Result<Facets, VaultError> {
        self.catalogue.read(|connection| {
            let roster = self.roster.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(Facets {
                generators: label_facets(connection, &roster, scope, Kind::Generator)?,
                models: label_facets(connection, &roster, scope, Kind::Model)?,
                tags: tag_facets(connection, &roster, scope)?,
            })
        })
    }
}

fn label_facets(
    connection: &Connection,
    roster: &Roster,
    scope: Scope,
    kind: Kind,
) -> Result<Vec<Facet>, VaultError> {
    let mut counts = std::collections::HashMap::<u32, usize>::new();
    for entry in roster.entries().filter(|entry| scope.has(entry)) {
        let id = if kind == Kind::Generator { entry.generator } else { entry.model };
        *counts.entry(id).or_default() += 1;
    }
    let names = labels::all(connection, kind)?;
    let facets = names.into_iter().filter_map(|(id, name)| Some(Facet { name, count: *counts.get(&id)? }));
    Ok(most_first(facets.collect()))
}

fn tag_facets(connection: &Connection, roster: &Roster, scope: Scope) -> Result<Vec<Facet>, VaultError> {
    let mut statement =
        connection.prepare_cached("SELECT name, item FROM tag INDEXED BY tag_name ORDER BY name")?;
    let mut rows = statement.query([])?;
    let mut facets: Vec<Facet> = Vec::new();
    while let Some(row) = rows.next()? {
        if !roster.entry(row.get(1)?).is_some_and(|entry| scope.has(entry)) {
            continue;
        }
        let name = row.get_ref(0)?.as_str().unwrap_or_default();
        match facets.last_mut() {
            Some(facet) if facet.name == name => facet.count += 1,
            _ => facets.push(Facet { name: name.to_owned(), count: 1 }),
        }
    }
    Ok(most_first(facets))
}

fn most_first(mut facets: Vec<Facet>) -> Vec<Facet> {
    facets.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    facets
}
