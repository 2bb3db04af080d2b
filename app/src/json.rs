//! JSON between the halves. The browser has a parser for it already: reading what that made is less code for each type
//! than reading text, and what the browser loads is a good deal smaller for it.

#[cfg(not(feature = "ssr"))]
mod parsed;

use leptos::server_fn::{
    Bytes, ContentType, Decodes, Encodes, Format, FormatType, codec::JsonEncoding,
};
use serde::{Serialize, de::DeserializeOwned};

/// Why something could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

impl Unreadable {
    fn because(why: impl ToString) -> Self {
        Self(why.to_string())
    }
}

/// Reads JSON.
///
/// # Errors
/// When it is no JSON, or not what it is to be.
pub fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, Unreadable> {
    #[cfg(feature = "ssr")]
    let read = serde_json::from_slice(text).map_err(Unreadable::because);
    #[cfg(not(feature = "ssr"))]
    let read =
        parsed(text).and_then(|value| parsed::Parsed(value).read().map_err(Unreadable::because));
    read
}

#[cfg(not(feature = "ssr"))]
fn parsed(text: &[u8]) -> Result<wasm_bindgen::JsValue, Unreadable> {
    let text = std::str::from_utf8(text).map_err(Unreadable::because)?;
    js_sys::JSON::parse(text).map_err(|_| Unreadable::because("this is not JSON"))
}

/// Writes and reads JSON, for server functions and for what a page brings along.
pub struct JsonText;

impl ContentType for JsonText {
    const CONTENT_TYPE: &'static str = JsonEncoding::CONTENT_TYPE;
}

impl FormatType for JsonText {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for JsonText {
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<Bytes, serde_json::Error> {
        JsonEncoding::encode(value)
    }
}

impl<T: DeserializeOwned> Decodes<T> for JsonText {
    type Error = Unreadable;

    fn decode(text: Bytes) -> Result<T, Unreadable> {
        read(&text)
    }
}

impl<T: Serialize> codee::Encoder<T> for JsonText {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> codee::Decoder<T> for JsonText {
    type Error = Unreadable;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Unreadable> {
        read(text.as_bytes())
    }
}
