//! Every answer of every test is what the document says.

use serde_json::Value;

use crate::world::{Reply, document};

/// The declared path of a path.
fn declared(path: &str) -> Option<&'static Value> {
    let segments: Vec<&str> = path.split('/').collect();
    let fits = |declared: &str| {
        let parts: Vec<&str> = declared.split('/').collect();
        parts.len() == segments.len()
            && parts.iter().zip(&segments).all(|(part, segment)| part.starts_with('{') || part == segment)
    };
    document()["paths"].as_object()?.iter().find(|(declared, _)| fits(declared)).map(|(_, item)| item)
}

/// The schema with every reference into the document resolved by the document itself.
fn schema(part: &Value) -> Value {
    let mut schema = part.clone();
    schema["components"] = document()["components"].clone();
    schema
}

/// Looks at an answer.
pub fn holds(method: &str, path: &str, reply: &Reply) {
    let header =
        |name: &str| reply.headers.iter().find(|(held, _)| held == name).map(|(_, value)| value.as_str());
    assert_eq!(header("cache-control"), Some("no-store"), "{path}");
    assert_eq!(header("x-content-type-options"), Some("nosniff"), "{path}");
    assert!(header("access-control-allow-origin").is_none() && header("set-cookie").is_none(), "{path}");
    let Some(operation) = declared(path).and_then(|item| item.get(method.to_lowercase())) else { return };
    let refused = reply.status.is_client_error() || reply.status.is_server_error();
    let part = if refused {
        assert_eq!(header("content-type"), Some("application/problem+json"), "{method} {path}");
        document()["components"]["schemas"]["Problem"].clone()
    } else {
        let response = &operation["responses"][reply.status.as_str()];
        assert!(response.is_object(), "{method} {path} answers {}", reply.status);
        match response.pointer("/content/application~1json/schema") {
            Some(part) => part.clone(),
            None => {
                assert!(reply.bytes.is_empty(), "{method} {path} has a body");
                return;
            }
        }
    };
    let validator = jsonschema::validator_for(&schema(&part)).unwrap();
    let body: Value = serde_json::from_slice(&reply.bytes).unwrap();
    let errors: Vec<String> = validator.iter_errors(&body).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{method} {path}: {errors:?}");
}

#[test]
fn the_document_is_openapi_3_1_and_no_object_in_it_takes_a_field_that_is_not_named() {
    assert!(document()["openapi"].as_str().unwrap().starts_with("3.1"));
    let schemas = document()["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        let open = schema["type"] == "object" && schema["additionalProperties"] != Value::Bool(false);
        // What the person takes along may grow.
        let export = ["Export", "Credential", "Event", "Pictures", "Pending"].contains(&name.as_str());
        assert!(!open || export, "{name}");
    }
    let text = document().to_string();
    for word in ["prompt", "image", "vault", "tag", "birth", "hostname"] {
        let others = schemas.iter().filter(|(name, _)| *name != "GenerationRequest");
        let named = others.map(|(_, schema)| schema).any(|schema| schema["properties"].get(word).is_some());
        assert!(!named, "{word}: {text}");
    }
}

#[test]
fn every_path_is_in_the_document() {
    let paths = document()["paths"].as_object().unwrap();
    assert_eq!(paths.len(), 16, "{:?}", paths.keys());
}
