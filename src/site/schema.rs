//! The JSON schema of `site.toml`, made from the same table as the reader.

use serde_json::{Map, Value, json};

use super::fields::{FILE, Form, Shape};

/// The schema (draft 2020-12) of a `site.toml` read as JSON, for editors that complete and check.
pub fn schema() -> Value {
    let mut schema = of_shape(&FILE);
    if let Some(object) = schema.as_object_mut() {
        object.insert(
            "$schema".to_owned(),
            json!("https://json-schema.org/draft/2020-12/schema"),
        );
        object.insert("title".to_owned(), json!("carbonwatch site.toml"));
    }
    schema
}

fn of_shape(shape: &Shape) -> Value {
    let mut properties = Map::new();
    for field in shape.fields {
        let mut value = of_form(&field.form);
        if let Some(object) = value.as_object_mut() {
            object.insert("description".to_owned(), json!(field.about));
        }
        properties.insert(field.key.to_owned(), value);
    }
    let required: Vec<&str> = shape
        .fields
        .iter()
        .filter(|field| field.required)
        .map(|field| field.key)
        .collect();
    json!({
        "type": "object",
        "description": shape.about,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn of_form(form: &Form) -> Value {
    match form {
        Form::Key => json!({ "type": "string", "pattern": "^[\\p{L}\\p{N}_.-]{1,64}$" }),
        Form::Tag => json!({ "type": "string", "pattern": "^\\S{1,64}$" }),
        Form::Words => json!({ "type": "string", "minLength": 1, "maxLength": 200 }),
        Form::Number => json!({
            "type": ["number", "string"],
            "pattern": "^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$",
        }),
        Form::Whole(low, high) => json!({ "type": "integer", "minimum": low, "maximum": high }),
        Form::Flag => json!({ "type": "boolean" }),
        Form::Date => json!({ "type": "string", "format": "date" }),
        Form::Clock => json!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:00)?$" }),
        Form::Duration => json!({
            "type": "string",
            "pattern": "^([0-9]+ *(ms|s|min|h|d)|month|year|none)$",
        }),
        Form::Unit => json!({ "type": "string", "examples": ["t/h", "kWh", "GJ/t", "10^4 Nm3"] }),
        Form::Zone => json!({ "type": "string", "examples": ["Asia/Shanghai"] }),
        Form::Choice(known) => json!({ "enum": known }),
        Form::List(of) => json!({ "type": "array", "items": of_form(of) }),
        Form::Table(shape) => of_shape(shape),
        Form::Tables(shape) => json!({ "type": "array", "items": of_shape(shape) }),
        Form::Named(shape) => json!({ "type": "object", "additionalProperties": of_shape(shape) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All keys that a schema allows, each with the path to it.
    fn allowed(schema: &Value, path: &str, found: &mut Vec<String>) {
        for (key, value) in schema["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}/{key}");
            found.push(path.clone());
            allowed(value, &path, found);
            allowed(&value["items"], &path, found);
            allowed(&value["additionalProperties"], &path, found);
        }
    }

    fn known(shape: &Shape, path: &str, found: &mut Vec<String>) {
        for field in shape.fields {
            let path = format!("{path}/{}", field.key);
            found.push(path.clone());
            if let Form::Table(inner) | Form::Tables(inner) | Form::Named(inner) = field.form {
                known(inner, &path, found);
            }
        }
    }

    #[test]
    fn schema_and_reader_know_the_same_keys() {
        let (mut in_schema, mut in_reader) = (Vec::new(), Vec::new());
        allowed(&schema(), "", &mut in_schema);
        known(&FILE, "", &mut in_reader);
        in_schema.sort();
        in_reader.sort();
        assert_eq!(in_schema, in_reader);
        assert!(in_reader.contains(&"/source/inputs/provisional/factor".to_owned()));
    }

    #[test]
    fn unknown_keys_are_refused_everywhere() {
        fn each_object(schema: &Value, seen: &mut usize) {
            if schema["properties"].is_object() {
                assert_eq!(schema["additionalProperties"], json!(false));
                *seen += 1;
            }
            for value in schema.as_object().into_iter().flatten().map(|(_, value)| value) {
                each_object(value, seen);
            }
        }
        let mut seen = 0;
        each_object(&schema(), &mut seen);
        assert!(seen >= 14, "{seen}");
    }
}
