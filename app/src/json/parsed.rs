//! Reads what the browser's own parser made of JSON. All that it ever sees is JSON, and why something could not be read
//! is told to nobody: this knows nothing else, and what the browser loads is smaller for it.

use js_sys::{Array, Object, Reflect};
use serde::{
    Deserialize, Deserializer,
    de::{
        self, DeserializeSeed, EnumAccess, Expected, MapAccess, SeqAccess, Unexpected,
        VariantAccess, Visitor,
    },
    forward_to_deserialize_any,
};
use std::{fmt, slice};
use wasm_bindgen::{JsCast as _, JsValue};

/// The largest whole number that a number of the browser can be without being another one, too.
const SAFE: f64 = 9_007_199_254_740_991.0;

/// It is not what it is to be.
#[derive(Debug)]
pub struct Mismatch;

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is not what it is to be")
    }
}

impl std::error::Error for Mismatch {}

// Each kind of failure is named, or the texts that would describe it would be there all the same.
impl de::Error for Mismatch {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

/// A value as the parser made it.
pub struct Parsed(pub JsValue);

impl Parsed {
    /// What it is.
    ///
    /// # Errors
    /// When it is something else.
    pub fn read<T: de::DeserializeOwned>(self) -> Result<T, Mismatch> {
        T::deserialize(self)
    }

    fn is_null(&self) -> bool {
        self.0.is_null() || self.0.is_undefined()
    }

    fn whole(&self) -> Result<i64, Mismatch> {
        let number = self.0.as_f64().ok_or(Mismatch)?;
        whole(number).ok_or(Mismatch)
    }

    fn text(&self) -> Result<String, Mismatch> {
        self.0.as_string().ok_or(Mismatch)
    }

    fn items(self) -> Result<Items, Mismatch> {
        let array = self.0.dyn_into().map_err(|_| Mismatch)?;
        Ok(Items { array, next: 0 })
    }

    fn entries(&self) -> Result<Entries, Mismatch> {
        if Array::is_array(&self.0) {
            return Err(Mismatch);
        }
        let object = self.0.dyn_ref::<Object>().ok_or(Mismatch)?;
        let items = Items {
            array: Object::entries(object),
            next: 0,
        };
        Ok(Entries {
            items,
            value: JsValue::UNDEFINED,
        })
    }

    fn members(self, names: &'static [&'static str]) -> Result<Members, Mismatch> {
        if !self.0.is_object() {
            return Err(Mismatch);
        }
        Ok(Members {
            object: self.0,
            names: names.iter(),
        })
    }

    /// A variant is its name alone, or an object whose only member has that name.
    fn variant(self) -> Result<Variant, Mismatch> {
        if self.0.is_string() {
            return Ok(Variant {
                name: self.0,
                value: JsValue::UNDEFINED,
            });
        }
        let mut entries = self.entries()?;
        match (entries.next(), entries.items.left()) {
            (Some(name), 0) => Ok(Variant {
                name,
                value: entries.value,
            }),
            _ => Err(Mismatch),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "nothing is cut off a whole number within these bounds"
)]
fn whole(number: f64) -> Option<i64> {
    (number.trunc().to_bits() == number.to_bits() && number.abs() <= SAFE).then_some(number as i64)
}

/// The items of an array.
struct Items {
    array: Array,
    next: u32,
}

impl Items {
    fn left(&self) -> u32 {
        self.array.length().saturating_sub(self.next)
    }

    fn next(&mut self) -> Option<JsValue> {
        (self.left() > 0).then(|| {
            self.next += 1;
            self.array.get(self.next - 1)
        })
    }
}

impl<'de> SeqAccess<'de> for Items {
    type Error = Mismatch;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Mismatch> {
        match self.next() {
            Some(item) => seed.deserialize(Parsed(item)).map(Some),
            None => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        usize::try_from(self.left()).ok()
    }
}

/// All members of an object.
struct Entries {
    items: Items,
    value: JsValue,
}

impl Entries {
    /// The name of the next one, whose value is then at hand.
    fn next(&mut self) -> Option<JsValue> {
        let entry: Array = self.items.next()?.unchecked_into();
        self.value = entry.get(1);
        Some(entry.get(0))
    }
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Mismatch;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Mismatch> {
        match self.next() {
            Some(name) => seed.deserialize(Parsed(name)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Mismatch> {
        seed.deserialize(Parsed(std::mem::take(&mut self.value)))
    }
}

/// The members of an object in the order in which a struct has them, as if they were the items of an array: what would
/// find a member by its name is compiled for each struct, and so is not needed. One that is not there is one for which
/// the struct has a value of its own, or a mismatch.
struct Members {
    object: JsValue,
    names: slice::Iter<'static, &'static str>,
}

impl<'de> SeqAccess<'de> for Members {
    type Error = Mismatch;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Mismatch> {
        let name = *self.names.next().ok_or(Mismatch)?;
        let value = Reflect::get(&self.object, &name.into()).unwrap_or_default();
        // No value of JSON is undefined.
        if value.is_undefined() {
            return Ok(None);
        }
        seed.deserialize(Parsed(value)).map(Some)
    }
}

/// A variant of an enum.
struct Variant {
    name: JsValue,
    value: JsValue,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Mismatch;
    type Variant = Parsed;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Parsed), Mismatch> {
        Ok((seed.deserialize(Parsed(self.name))?, Parsed(self.value)))
    }
}

impl<'de> VariantAccess<'de> for Parsed {
    type Error = Mismatch;

    fn unit_variant(self) -> Result<(), Mismatch> {
        <()>::deserialize(self)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Mismatch> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_seq(self.items()?)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_seq(self.members(fields)?)
    }
}

/// Methods for whole numbers of any size: the visitor says which of them it can take.
macro_rules! whole_numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
            visitor.visit_i64(self.whole()?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Parsed {
    type Error = Mismatch;

    whole_numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    forward_to_deserialize_any! { i128 u128 f32 f64 char bytes byte_buf unit_struct }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if self.is_null() {
            visitor.visit_unit()
        } else if let Some(yes) = self.0.as_bool() {
            visitor.visit_bool(yes)
        } else if let Some(number) = self.0.as_f64() {
            match whole(number) {
                Some(whole) => visitor.visit_i64(whole),
                None => visitor.visit_f64(number),
            }
        } else if let Some(text) = self.0.as_string() {
            visitor.visit_string(text)
        } else if Array::is_array(&self.0) {
            visitor.visit_seq(self.items()?)
        } else {
            visitor.visit_map(self.entries()?)
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if self.is_null() {
            visitor.visit_unit()
        } else {
            Err(Mismatch)
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_bool(self.0.as_bool().ok_or(Mismatch)?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if self.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_seq(self.items()?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_seq(self.items()?)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_seq(self.items()?)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_map(self.entries()?)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_seq(self.members(fields)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_enum(self.variant()?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_unit()
    }
}
