//! The files by which the generator of a documentation site is recognised. None of them is read: what a
//! generator does by default is known, and a configuration may be a program.

use crate::config::SiteGenerator;
use crate::vault::names::VaultPath;

/// A file that only sites of one generator have.
struct Marker {
    generator: SiteGenerator,
    /// The folder that it lies in, below the root of the site; empty for the root itself.
    folder: &'static str,
    /// Its name without the extension.
    stem: &'static str,
    extensions: &'static [&'static str],
}

const SCRIPTS: &[&str] = &["js", "mjs", "cjs", "ts", "mts", "cts"];
const TABLES: &[&str] = &["toml", "yaml", "yml", "json"];

/// The configuration files, as the documentation of the generators names them.
const MARKERS: [Marker; 11] = {
    use SiteGenerator::{Astro, Docusaurus, Hugo, Jekyll, MdBook, MkDocs, VitePress};
    const fn marker(
        generator: SiteGenerator,
        folder: &'static str,
        stem: &'static str,
        extensions: &'static [&'static str],
    ) -> Marker {
        Marker { generator, folder, stem, extensions }
    }
    [
        marker(Hugo, "config/_default", "hugo", TABLES),
        marker(Hugo, "config/_default", "config", TABLES),
        marker(Hugo, "", "hugo", TABLES),
        // The name before Hugo 0.110, which many others use too: see `Snapshot::site_of`.
        marker(Hugo, "", "config", TABLES),
        marker(Jekyll, "", "_config", &["yml", "yaml", "toml"]),
        marker(MkDocs, "", "mkdocs", &["yml", "yaml"]),
        marker(MdBook, "", "book", &["toml"]),
        marker(Docusaurus, "", "docusaurus.config", SCRIPTS),
        marker(VitePress, ".vitepress", "config", SCRIPTS),
        marker(VitePress, ".vitepress/config", "index", SCRIPTS),
        marker(Astro, "", "astro.config", SCRIPTS),
    ]
};

/// Returns the generator and the root of the site that a file marks by its path: `docs` for
/// `docs/mkdocs.yml`. `None` for any other file.
pub(crate) fn site_marker(path: &VaultPath) -> Option<(SiteGenerator, &str)> {
    let (stem, extension) = path.file_name().rsplit_once('.')?;
    MARKERS.iter().find_map(|marker| {
        if marker.stem != stem || !marker.extensions.contains(&extension) {
            return None;
        }
        let root = above(path.folder(), marker.folder)?;
        // Docusaurus is put beside the notes as often as around them.
        let beside = above(root, "website").filter(|_| marker.generator == SiteGenerator::Docusaurus);
        Some((marker.generator, beside.unwrap_or(root)))
    })
}

/// Returns the folder in which a folder has this path: `a` for `a/b/c` and `b/c`.
fn above<'a>(folder: &'a str, inner: &str) -> Option<&'a str> {
    let above = folder.strip_suffix(inner)?;
    if above.is_empty() || inner.is_empty() { Some(above) } else { above.strip_suffix('/') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_are_known_by_their_configuration() {
        use SiteGenerator::{Astro, Docusaurus, Hugo, Jekyll, MdBook, MkDocs, VitePress};
        for (path, site) in [
            ("hugo.toml", Some((Hugo, ""))),
            ("a/config/_default/hugo.yaml", Some((Hugo, "a"))),
            ("config/_default/config.toml", Some((Hugo, ""))),
            ("a/config.toml", Some((Hugo, "a"))),
            ("a/_config.yml", Some((Jekyll, "a"))),
            ("docs/mkdocs.yml", Some((MkDocs, "docs"))),
            ("book.toml", Some((MdBook, ""))),
            ("website/docusaurus.config.js", Some((Docusaurus, ""))),
            ("a/website/docusaurus.config.ts", Some((Docusaurus, "a"))),
            ("my-website/docusaurus.config.ts", Some((Docusaurus, "my-website"))),
            ("docs/.vitepress/config.mts", Some((VitePress, "docs"))),
            (".vitepress/config/index.ts", Some((VitePress, ""))),
            ("a/astro.config.mjs", Some((Astro, "a"))),
            ("hugo.md", None),
            ("a.vitepress/config.ts", None),
            ("config.ts", None),
            ("book", None),
        ] {
            assert_eq!(site_marker(&VaultPath::resolve("", path).unwrap()), site, "{path}");
        }
    }
}
