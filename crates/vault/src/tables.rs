//! One module for each table or group of tables: the SQL lives here and nowhere else.

pub mod items;
pub mod labels;
pub mod ledger;
pub mod sealed;
