//! Settings as clients send them. Every client wraps them in its own way; all of them are understood.

use serde_json::Value;

use crate::config::{Layer, Part, SettingProblem, SettingValue};

/// The name under which clients keep the settings of this server.
pub(super) const SECTION: &str = "vaultls";

/// What clients keep beside the server's settings for themselves: where the server is, what to trace.
const CLIENT_SECTIONS: [&str; 2] = ["server", "trace"];

/// The layer that a client's settings make: initialization options, an answer to `workspace/configuration`,
/// or the parameters of `didChangeConfiguration`. `{"vaultls": {…}}` or the inner object alone; nested
/// objects or dotted keys, with or without `vaultls.` in front. Nothing and `null`, also as a single value,
/// say nothing, nor does what clients keep there for themselves, `server` and `trace`.
pub fn settings_layer(name: &str, value: Option<&Value>) -> (Layer, Option<SettingProblem>) {
    let table = match value {
        None | Some(Value::Null) => return (Layer::empty(name), None),
        Some(Value::Object(object)) if object.contains_key(SECTION) => {
            return settings_layer(name, object.get(SECTION));
        }
        Some(value) => setting_value(value),
    };
    let Some(SettingValue::Table(table)) = table else {
        let message = "settings must be an object".to_owned();
        let problem =
            SettingProblem { layer: name.to_owned(), key: String::new(), part: Part::Value, message };
        return (Layer::empty(name), Some(problem));
    };
    let without_section =
        |key: String| match key.strip_prefix(SECTION).and_then(|rest| rest.strip_prefix('.')) {
            Some(rest) => rest.to_owned(),
            None => key,
        };
    let table = table.into_iter().map(|(key, value)| (without_section(key), value));
    let is_ours = |key: &str| !CLIENT_SECTIONS.contains(&key.split('.').next().unwrap_or_default());
    (Layer::new(name, table.filter(|(key, _)| is_ours(key)).collect()), None)
}

/// `None` for `null`, by which clients say that something is not set.
fn setting_value(value: &Value) -> Option<SettingValue> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(value) => SettingValue::Bool(*value),
        Value::Number(number) => {
            let whole = number.as_i64().or_else(|| whole_number(number.as_f64()?));
            whole.map_or(
                SettingValue::Other("a number that is not whole or far too large"),
                SettingValue::Integer,
            )
        }
        Value::String(text) => SettingValue::Text(text.clone()),
        Value::Array(list) => SettingValue::List(list.iter().filter_map(setting_value).collect()),
        Value::Object(object) => {
            let entries = object.iter().filter_map(|(key, value)| Some((key.clone(), setting_value(value)?)));
            SettingValue::Table(entries.collect())
        }
    })
}

/// `12.0` is twelve: some clients know only one kind of number.
fn whole_number(number: f64) -> Option<i64> {
    let is_exact = number.fract() == 0.0 && number.abs() < f64::from(u32::MAX);
    #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^32")]
    is_exact.then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Profile, Settings};
    use serde_json::json;

    fn settings(value: &Value) -> Settings {
        let (layer, problem) = settings_layer("editor", Some(value));
        assert_eq!(problem, None);
        let (settings, problems) = Settings::layered(&[layer], &[]);
        assert_eq!(problems, []);
        settings
    }

    #[test]
    fn all_shapes_mean_the_same() {
        let expected = Settings {
            profile: Profile::Quartz,
            hover_preview_lines: 3,
            ignored_files: vec!["a/".to_owned()],
            ..Settings::default()
        };
        for shape in [
            json!({"resolution": {"profile": "quartz"}, "hover": {"previewLines": 3}, "files": {"ignore": ["a/"]}}),
            json!({"resolution.profile": "quartz", "hover.previewLines": 3, "files.ignore": ["a/", null]}),
            json!({"vaultls": {
                "resolution": {"profile": "quartz"}, "hover.previewLines": 3.0, "files": {"ignore": ["a/"]},
                "completion": null,
            }}),
            json!({"vaultls.resolution": {"profile": "quartz"}, "vaultls.hover.previewLines": 3, "files.ignore": ["a/"]}),
            json!({"vaultls": {"vaultls": {"resolution.profile": "quartz", "hover.previewLines": 3, "files.ignore": ["a/"]}}}),
        ] {
            assert_eq!(settings(&shape), expected, "{shape}");
        }
    }

    #[test]
    fn nothing_says_nothing() {
        let of_clients = json!({"vaultls": {"server": {"path": "/x"}, "trace.server": "verbose", "vaultls.trace.server": 1}});
        for value in
            [None, Some(json!(null)), Some(json!({})), Some(json!({"vaultls": null})), Some(of_clients)]
        {
            let (layer, problem) = settings_layer("editor", value.as_ref());
            assert!(layer.is_empty() && problem.is_none());
        }
    }

    #[test]
    fn what_is_no_object_is_a_problem() {
        for value in [json!([]), json!("obsidian"), json!(1), json!({"vaultls": true})] {
            let (layer, problem) = settings_layer("editor", Some(&value));
            assert!(layer.is_empty());
            assert_eq!(problem.unwrap().to_string(), "editor: settings must be an object");
        }
    }

    #[test]
    fn numbers_that_are_not_whole_are_refused() {
        for number in [json!(1.5), json!(1e300), json!(u64::MAX)] {
            let (layer, _) = settings_layer("editor", Some(&json!({"hover.previewLines": number})));
            let (settings, problems) = Settings::layered(&[layer], &[]);
            assert_eq!((settings, problems.len()), (Settings::default(), 1));
        }
    }
}
