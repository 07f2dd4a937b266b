//! The shapes of the types that write themselves, for the service's document (OpenAPI 3.1).

use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::messages::{Age, Message};
use crate::text::{DeviceLabel, DisplayName, Email, MailCode, NoticeVersion};
use crate::token::{AccessToken, Id, RefreshToken, Sealed, Ticket};

fn text(most: usize, pattern: Option<&str>) -> RefOr<Schema> {
    let builder = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
    builder.max_length(Some(most)).pattern(pattern.map(str::to_owned)).into()
}

fn base64(bytes: usize) -> RefOr<Schema> {
    let length = (bytes * 4).div_ceil(3);
    text(length, Some(&format!("^[A-Za-z0-9_-]{{{length}}}$")))
}

macro_rules! shape {
    ($($name:ty => $shape:expr;)*) => {$(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                $shape
            }
        }

        impl ToSchema for $name {}
    )*};
}

fn token(prefix: &str) -> RefOr<Schema> {
    text(49, Some(&format!("^{prefix}[A-Za-z0-9_-]{{43}}$")))
}

shape! {
    Email => text(Email::MAX_BYTES, None);
    MailCode => text(8, Some("^[0-9A-HJKMNP-TV-Z]{8}$"));
    DeviceLabel => text(64, None);
    DisplayName => text(80, None);
    NoticeVersion => text(20, Some("^[A-Za-z0-9.-]{1,20}$"));
    Id => base64(16);
    Sealed => text((Sealed::MAX_BYTES * 4).div_ceil(3), Some("^[A-Za-z0-9_-]*$"));
    AccessToken => token(AccessToken::PREFIX);
    RefreshToken => token(RefreshToken::PREFIX);
    Ticket => token(Ticket::PREFIX);
    Age => ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::Integer))
        .minimum(Some(13))
        .maximum(Some(21))
        .into();
}

impl<const N: usize> PartialSchema for Message<N> {
    fn schema() -> RefOr<Schema> {
        base64(N)
    }
}

impl<const N: usize> ToSchema for Message<N> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("Message{N}").into()
    }
}
