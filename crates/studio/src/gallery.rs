//! Looking for items, looking at them, and what a person writes to them.

use model::{ItemEdit, ItemId, RawBlock};
use vault::{Facets, Listing, Query, Scope, Stored};

use crate::{Code, Failure, Studio, Topic};

/// An item with everything that is known of it.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The item.
    pub stored: Stored,
    /// Metadata as it stood in the file.
    pub raw: Vec<RawBlock>,
    /// Numbers of others with the same prompt.
    pub same_prompt: Vec<u32>,
}

/// What of an item goes to the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Copied {
    /// The prompt.
    Prompt,
    /// The negative prompt.
    Negative,
    /// The seed, without grouping.
    Seed,
    /// Everything as AUTOMATIC1111's text.
    Parameters,
}

/// As many neighbours with the same prompt as the inspector shows.
const SAME_PROMPT: u32 = 12;

impl Studio {
    /// Runs a query.
    ///
    /// # Errors
    /// When the vault is locked or can't be read.
    pub fn query(&self, query: &Query) -> Result<Listing, Failure> {
        Ok(self.vault()?.query(query)?)
    }

    /// Items by their numbers; those that are gone are left out.
    ///
    /// # Errors
    /// When the vault is locked or can't be read.
    pub fn items(&self, seqs: &[u32]) -> Result<Vec<Stored>, Failure> {
        Ok(self.vault()?.items(seqs)?)
    }

    /// The number of an item.
    ///
    /// # Errors
    /// [`Code::NoSuchItem`], or when the vault is locked.
    pub fn seq_of(&self, id: &ItemId) -> Result<u32, Failure> {
        Ok(self.vault()?.seq_of(id)?)
    }

    /// Everything about one item.
    ///
    /// # Errors
    /// [`Code::NoSuchItem`], or when the vault is locked.
    pub fn detail(&self, seq: u32) -> Result<Detail, Failure> {
        let vault = self.vault()?;
        let stored = self.one(seq)?;
        let raw = vault.raw_blocks(&stored.item.id)?;
        let same_prompt = vault.same_prompt(&stored, SAME_PROMPT)?;
        Ok(Detail { stored, raw, same_prompt })
    }

    fn one(&self, seq: u32) -> Result<Stored, Failure> {
        self.vault()?.items(&[seq])?.into_iter().next().ok_or_else(|| Code::NoSuchItem.into())
    }

    /// Writes a person's changes, to each item or to none; gives the edits that take them back, in the same order.
    ///
    /// # Errors
    /// [`Code::NoSuchItem`], or when the vault is locked or can't be written.
    pub fn edit(&self, edits: &[(u32, ItemEdit)]) -> Result<Vec<ItemEdit>, Failure> {
        let vault = self.vault()?;
        let by_id = edits.iter().map(|(seq, edit)| Ok((self.one(*seq)?.item.id, edit.clone())));
        let before = vault.edit(&by_id.collect::<Result<Vec<_>, Failure>>()?)?;
        self.tell_changed(&[Topic::Items]);
        Ok(before.into_iter().zip(edits).map(|(stored, (_, edit))| undo(stored.item, edit)).collect())
    }

    /// What the filters can offer where these items are shown.
    ///
    /// # Errors
    /// When the vault is locked or can't be read.
    pub fn facets(&self, scope: Scope) -> Result<Facets, Failure> {
        Ok(self.vault()?.facets(scope)?)
    }

    /// Puts something of an item on the clipboard, kept out of clipboard histories where the system allows.
    ///
    /// # Errors
    /// [`Code::Nothing`] when the item does not have it; [`Code::ClipboardUnavailable`].
    pub fn copy(&self, seq: u32, what: Copied) -> Result<(), Failure> {
        let recipe = self.one(seq)?.item.recipe;
        let text = match what {
            Copied::Prompt => recipe.prompt,
            Copied::Negative => recipe.negative_prompt,
            Copied::Seed => recipe.seed,
            Copied::Parameters => Some(metadata::write_a1111(&recipe)),
        };
        let text = text.filter(|text| !text.is_empty()).ok_or(Code::Nothing)?;
        self.inner.host.copy(&text).map_err(|_| Code::ClipboardUnavailable.into())
    }
}

/// What puts the fields that an edit touches back to what they were.
fn undo(before: model::Item, edit: &ItemEdit) -> ItemEdit {
    let tagged = edit.tags.is_some() || edit.add_tags.is_some() || edit.remove_tags.is_some();
    ItemEdit {
        title: edit.title.as_ref().map(|_| before.title),
        prompt: edit.prompt.as_ref().map(|_| before.recipe.prompt.unwrap_or_default()),
        negative_prompt: edit
            .negative_prompt
            .as_ref()
            .map(|_| before.recipe.negative_prompt.unwrap_or_default()),
        rating: edit.rating.map(|_| before.rating),
        favourite: edit.favourite.map(|_| before.favourite),
        tags: tagged.then_some(before.tags),
        add_tags: None,
        remove_tags: None,
    }
}
