//! The graph of a vault as JSON, for Graphviz, and as GraphML.

use std::fmt::Write as _;

use serde_json::json;

use crate::cli::load::RequestedVault;
use crate::cli::place::escape_json;
use crate::ide::{self, LinkGraph};
use crate::vault::{Cancel, Cancelled, FileId, Snapshot};

use super::GraphFormat;

/// A file of the graph.
struct Node<'a> {
    path: &'a str,
    title: Option<&'a str>,
    is_note: bool,
}

pub(super) fn written(
    asked: &RequestedVault,
    format: GraphFormat,
    cancel: &Cancel,
) -> Result<String, Cancelled> {
    let vault = &asked.loaded.vault;
    let graph = ide::link_graph(vault, cancel)?;
    Ok(match format {
        GraphFormat::Json => as_json(vault, &graph),
        GraphFormat::Dot => as_dot(vault, &graph),
        GraphFormat::GraphMl => as_graphml(vault, &graph),
    })
}

fn node(vault: &Snapshot, id: FileId) -> Option<Node<'_>> {
    let file = vault.file(id)?;
    let title = file.note().and_then(|note| note.title());
    Some(Node { path: file.path.as_str(), title, is_note: file.is_note() })
}

fn as_json(vault: &Snapshot, graph: &LinkGraph) -> String {
    let nodes = graph.files.iter().filter_map(|id| node(vault, *id)).map(|node| {
        format!("\n{}", json!({ "path": node.path, "title": node.title, "isNote": node.is_note }))
    });
    let edges = graph.edges().into_iter().map(|(source, target, count)| {
        format!("\n{}", json!({ "source": source, "target": target, "count": count }))
    });
    let [nodes, edges] = [nodes.collect::<Vec<_>>(), edges.collect()].map(|lines| lines.join(","));
    escape_json(&format!("{{\"nodes\":[{nodes}],\"edges\":[{edges}]}}\n"))
}

fn as_dot(vault: &Snapshot, graph: &LinkGraph) -> String {
    let mut out = String::from("digraph vault {\n");
    for node in graph.files.iter().filter_map(|id| node(vault, *id)) {
        let label = quoted(node.title.unwrap_or(node.path));
        let shape = if node.is_note { "" } else { " shape=box" };
        // Writing to a string never fails.
        let _ = writeln!(out, "  {} [label={label}{shape}];", quoted(node.path));
    }
    for (from, to, count) in ends(vault, graph) {
        let _ = writeln!(out, "  {} -> {} [weight={count}];", quoted(from), quoted(to));
    }
    out.push_str("}\n");
    out
}

/// Returns the paths of both ends of each link, and the number of links.
fn ends<'a>(vault: &'a Snapshot, graph: &LinkGraph) -> Vec<(&'a str, &'a str, usize)> {
    let path = |place: usize| Some(vault.file(*graph.files.get(place)?)?.path.as_str());
    let edge = |(from, to, count): (usize, usize, usize)| Some((path(from)?, path(to)?, count));
    graph.edges().into_iter().filter_map(edge).collect()
}

/// Returns a string of the DOT language: only quotes and backslashes mean something in it.
fn quoted(text: &str) -> String {
    let text: String = text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn as_graphml(vault: &Snapshot, graph: &LinkGraph) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n\
         <key id=\"title\" for=\"node\" attr.name=\"title\" attr.type=\"string\"/>\n\
         <key id=\"isNote\" for=\"node\" attr.name=\"isNote\" attr.type=\"boolean\"/>\n\
         <key id=\"count\" for=\"edge\" attr.name=\"count\" attr.type=\"int\"/>\n\
         <graph id=\"vault\" edgedefault=\"directed\">\n",
    );
    for Node { path, title, is_note } in graph.files.iter().filter_map(|id| node(vault, *id)) {
        let title = title.map(|title| format!("<data key=\"title\">{}</data>", escaped(title)));
        let (path, title) = (escaped(path), title.unwrap_or_default());
        // Writing to a string never fails.
        let _ = writeln!(out, "<node id=\"{path}\">{title}<data key=\"isNote\">{is_note}</data></node>");
    }
    for (from, to, count) in ends(vault, graph) {
        let (from, to) = (escaped(from), escaped(to));
        let _ = writeln!(
            out,
            "<edge source=\"{from}\" target=\"{to}\"><data key=\"count\">{count}</data></edge>"
        );
    }
    out.push_str("</graph>\n</graphml>\n");
    out
}

/// Returns a text for XML, in which most control characters cannot stand at all.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            char if char.is_control() || matches!(char, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            char => out.push(char),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_nothing() {
        for (text, dot, xml) in [
            ("a", "\"a\"", "a"),
            ("a\"b\\", "\"a\\\"b\\\\\"", "a&quot;b\\"),
            ("<a> & b", "\"<a> & b\"", "&lt;a&gt; &amp; b"),
            ("a\nb\u{0}", "\"a b \"", "a b "),
        ] {
            assert_eq!((quoted(text).as_str(), escaped(text).as_str()), (dot, xml));
        }
    }
}
