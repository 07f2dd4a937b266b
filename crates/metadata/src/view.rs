//! A reading as the command line prints it.

use model::{DigitalSource, Provenance};
use serde_json::{Map, Value, json};

use crate::Reading;

/// The object of `zimage metadata --json`: the recipe's fields under their names (seed as a text, numbers as
/// numbers, absent when the file does not say), then `ai_generation_parameters`, `format`, `pixel_size`,
/// `animated`, `created_at`, `c2pa_manifest` and, for a manifest, `c2pa`.
pub fn to_json(reading: &Reading) -> Value {
    let recipe = reading.recipe.as_ref().and_then(|recipe| serde_json::to_value(recipe).ok());
    let mut object = match recipe {
        Some(Value::Object(object)) => object,
        _ => Map::new(),
    };
    object.insert("ai_generation_parameters".to_owned(), reading.recipe.is_some().into());
    if let Some(format) = reading.format {
        object.insert("format".to_owned(), format.name().into());
    }
    if let (Some(width), Some(height)) = (reading.width, reading.height) {
        object.insert("pixel_size".to_owned(), json!([width, height]));
    }
    if reading.animated {
        object.insert("animated".to_owned(), true.into());
    }
    if let Some(time) = reading.created_at {
        object.insert("created_at".to_owned(), time.to_rfc3339().into());
    }
    provenance(&reading.provenance, &mut object);
    Value::Object(object)
}

fn provenance(provenance: &Provenance, object: &mut Map<String, Value>) {
    let source = provenance.digital_source_type.as_deref();
    object.insert("c2pa_manifest".to_owned(), provenance.c2pa.into());
    if provenance.c2pa {
        let mut manifest = Map::new();
        manifest.insert("aiGenerated".to_owned(), source.is_some_and(DigitalSource::is_generated).into());
        let texts = [
            ("vendor", provenance.vendor.as_deref()),
            ("claimGenerator", provenance.claim_generator.as_deref()),
            ("digitalSourceType", source),
        ];
        manifest.extend(texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.into()))));
        object.insert("c2pa".to_owned(), Value::Object(manifest));
    } else if let Some(source) = source {
        object.insert("digital_source_type".to_owned(), source.into());
    }
}
