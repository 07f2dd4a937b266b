//! What goes into a statement and what comes out of a row, the same for both databases.

use super::StoreError;

/// A value of a statement.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// A whole number.
    Whole(i64),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A text.
    Text(&'a str),
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// The values of a statement, in order.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::store::Value::from($value)),*] };
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A whole number.
    Whole(i64),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A text.
    Text(String),
}

/// A row, by the order of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(pub Vec<Cell>);

impl Row {
    /// A whole number.
    ///
    /// # Errors
    /// [`StoreError::Shape`] for another kind of value; so with the others.
    pub fn whole(&self, column: usize) -> Result<i64, StoreError> {
        self.maybe_whole(column)?.ok_or(StoreError::Shape)
    }

    /// A whole number or nothing.
    ///
    /// # Errors
    /// As [`Row::whole`].
    pub fn maybe_whole(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.0.get(column) {
            Some(Cell::Whole(number)) => Ok(Some(*number)),
            Some(Cell::Null) => Ok(None),
            _ => Err(StoreError::Shape),
        }
    }

    /// Bytes.
    ///
    /// # Errors
    /// As [`Row::whole`].
    pub fn bytes(&self, column: usize) -> Result<&[u8], StoreError> {
        self.maybe_bytes(column)?.ok_or(StoreError::Shape)
    }

    /// Bytes or nothing.
    ///
    /// # Errors
    /// As [`Row::whole`].
    pub fn maybe_bytes(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        match self.0.get(column) {
            Some(Cell::Bytes(bytes)) => Ok(Some(bytes)),
            Some(Cell::Null) => Ok(None),
            _ => Err(StoreError::Shape),
        }
    }

    /// So many bytes.
    ///
    /// # Errors
    /// As [`Row::whole`]; also for another number of them.
    pub fn exactly<const N: usize>(&self, column: usize) -> Result<[u8; N], StoreError> {
        self.bytes(column)?.try_into().map_err(|_| StoreError::Shape)
    }

    /// So many bytes or nothing.
    ///
    /// # Errors
    /// As [`Row::exactly`].
    pub fn maybe_exactly<const N: usize>(&self, column: usize) -> Result<Option<[u8; N]>, StoreError> {
        let bytes = self.maybe_bytes(column)?;
        bytes.map(|bytes| bytes.try_into().map_err(|_| StoreError::Shape)).transpose()
    }

    /// A text.
    ///
    /// # Errors
    /// As [`Row::whole`].
    pub fn text(&self, column: usize) -> Result<&str, StoreError> {
        match self.0.get(column) {
            Some(Cell::Text(text)) => Ok(text),
            _ => Err(StoreError::Shape),
        }
    }
}
