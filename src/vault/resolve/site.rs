//! Links as the pages of a documentation site mean them: what is made of a note has another address than its
//! file. Only what leads nowhere as a path of files is read so, and only in the site of a generator.

use crate::config::SiteGenerator;
use crate::vault::model::Snapshot;
use crate::vault::names::{
    Key, VaultPath, fits_pattern, is_language, is_relative, last_component, page_of, site_marker,
    without_note_extension,
};
use crate::vault::resolve::link_target::{Found, Resolution, Search, Tier};

/// A site that is made of a folder of the vault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Site<'a> {
    /// What makes it; neither [`SiteGenerator::Auto`] nor [`SiteGenerator::None`].
    pub generator: SiteGenerator,
    /// The folder with its configuration, empty for the root of the vault.
    pub root: &'a str,
}

/// The folders, below the root of a site, whose files have addresses without their name: contents, and what
/// is copied as it is.
const ROOTS: [&str; 10] = [
    "content",
    "docs",
    "src",
    "static",
    "public",
    "src/pages",
    "src/content",
    "assets",
    "website/static",
    "docs/public",
];
/// How many components of an address the vault may not have as folders: the base of the site, the name of a
/// plugin, a language, a version.
const MAX_ADDED: usize = 3;

/// Files that generators make of all notes together.
const GENERATED: [&str; 6] = ["sitemap.xml", "index.xml", "feed.xml", "rss.xml", "atom.xml", "robots.txt"];

impl Snapshot {
    /// Returns the site that a note belongs to, by the setting or the nearest configuration of a generator
    /// above. The cost grows with the number of those in the vault.
    pub fn site_of(&self, path: &VaultPath) -> Option<Site<'_>> {
        let set = self.settings().site;
        if set == SiteGenerator::None {
            return None;
        }
        let markers = self.defined_by_path(Key::site_marker()).iter();
        let sites = markers.filter_map(|id| {
            let file = self.file(*id)?;
            let (generator, root) = site_marker(&file.path)?;
            // Many programs have a `config.toml`; a site of Hugo has pages.
            let is_site = !file.path.file_name().starts_with("config.")
                || generator != SiteGenerator::Hugo
                || file.path.folder().ends_with("_default")
                || self.has_folder(&join(root, "content"));
            is_site.then_some(Site { generator, root })
        });
        let is_around = |site: &Site<'_>| site.root.is_empty() || path.lies_below(site.root);
        let nearest =
            sites.filter(is_around).max_by_key(|site| (site.root.len(), site.root, site.generator as u8));
        match set {
            SiteGenerator::Auto => nearest,
            generator => Some(Site { generator, root: nearest.map_or("", |site| site.root) }),
        }
    }

    /// Returns whether a note belongs to a graph of Logseq, by the file of its settings.
    pub fn is_in_logseq_graph(&self, path: &VaultPath) -> bool {
        let settings = |folder: &str| self.find(&join(folder, "logseq/config.edn"));
        path.folders().chain([""]).any(|folder| settings(folder).is_some())
    }

    /// Resolves the decoded target of a Markdown link as an address in the site that the note at `source`
    /// belongs to. Returns what was `found` for it as a path of files if it leads nowhere there either, or if
    /// the note belongs to none.
    pub(super) fn resolve_in_site(&self, source: &VaultPath, target: &str, found: Resolution) -> Resolution {
        let Some(site) = self.site_of(source) else { return found };
        match (self.address_in(&site, source, target), found) {
            (Some(Resolution::Found(address)), _) => Resolution::Found(Found { tier: Tier::Site, ..address }),
            (Some(address), _) => address,
            // A site has an address once for each language and version, and leads from each to its own.
            (None, Resolution::Found(found)) if target.starts_with('/') => {
                Resolution::Found(Found { is_ambiguous: false, ..found })
            }
            (None, Resolution::Missing | Resolution::OutsideVault)
                if self.is_elsewhere(&site, source, target) =>
            {
                Resolution::External
            }
            (None, found) => found,
        }
    }

    /// Returns whether `./` in a note is its own page: that of `a.md` is `a/index.html`.
    pub(super) fn is_page_a_folder(&self, source: &VaultPath) -> bool {
        let generator = self.site_of(source).map(|site| site.generator);
        !source.is_index() && matches!(generator, Some(SiteGenerator::Hugo | SiteGenerator::MkDocs))
    }

    fn address_in(&self, site: &Site<'_>, source: &VaultPath, target: &str) -> Option<Resolution> {
        let page = page_of(target);
        let at = |paths: Vec<VaultPath>| Search::first_at(self, source.folder(), paths);
        // These make `a.html` of `a.md`, beside the pages of the other notes.
        let is_beside = matches!(site.generator, SiteGenerator::MdBook | SiteGenerator::VitePress);
        let by_page = || {
            let folder = if is_beside { source.folder() } else { page_folder(source) };
            let found = Search::new(self, folder, page).markdown_link();
            (folder != source.folder() && !found.is_lost()).then_some(found)
        };
        let below_roots = || {
            let address = page.strip_prefix('/')?;
            (0..=MAX_ADDED).find_map(|added| at(site.places(source, rest_of(address, added)?)))
        };
        let name = without_note_extension(page);
        let is_page = name.len() == page.len();
        let found = if is_page { by_page().or_else(below_roots) } else { None };
        found.or_else(|| at(translated(source, name)))
    }

    /// Returns whether an address is none of a file: a page that is made of no note, one of another site
    /// beside this one, or a name that an extension of the generator gives a meaning.
    fn is_elsewhere(&self, site: &Site<'_>, source: &VaultPath, target: &str) -> bool {
        if target.starts_with('/')
            && (GENERATED.contains(&last_component(target)) || self.is_led_elsewhere(target))
        {
            return true;
        }
        match site.generator {
            SiteGenerator::Hugo => {
                let mut components = target.split('/').filter(|component| !component.is_empty());
                let first = components.find(|component| !is_language(component));
                let is_taxonomy = target.starts_with('/') && matches!(first, Some("tags" | "categories"));
                is_taxonomy || is_word(target) && self.has_link_hook(site)
            }
            // What the plugin of the blog makes of all posts together.
            SiteGenerator::Docusaurus => {
                let mut components = target.split('/').filter(|component| !component.is_empty());
                let is_of_posts = |part| matches!(part, None | Some("tags" | "authors" | "archive" | "page"));
                target.starts_with('/')
                    && components.next() == Some("blog")
                    && is_of_posts(components.next())
                    && site.blogs().iter().any(|folder| self.has_folder(folder))
            }
            SiteGenerator::MdBook => {
                // The book is made with the chapters that its summary names.
                let is_chapter = source.file_name() == "SUMMARY.md" && target.ends_with(".md");
                is_chapter
                    || is_identifier(target)
                    || target.contains(".html") && leaves_book(site, source, target)
            }
            _ => false,
        }
    }

    /// Returns whether the host of a site leads from an address to another one.
    fn is_led_elsewhere(&self, address: &str) -> bool {
        let address = address.trim_end_matches('/');
        self.settings().redirects.iter().any(|from| fits_pattern(from.trim_end_matches('/'), address))
    }

    /// Resolves a relative address without an extension that means something else than the file at that
    /// path: one from the page of the note where that is a folder, or one that the front matter of a note
    /// beside it gives (`id` in Docusaurus).
    pub(super) fn resolve_before_path(&self, source: &VaultPath, target: &str) -> Option<Resolution> {
        let page = page_of(target);
        if target.starts_with('/') || page.len() != without_note_extension(page).len() {
            return None;
        }
        let site = self.site_of(source)?;
        let at = |folder: &str| {
            let path = VaultPath::resolve(folder, page).ok()?;
            Search::first_at(self, source.folder(), vec![path])
        };
        match site.generator {
            SiteGenerator::Hugo | SiteGenerator::MkDocs => {
                let is_folder = !source.is_index() && !self.has_link_hook(&site);
                is_folder.then(|| at(page_folder(source)))?
            }
            SiteGenerator::Docusaurus if at(source.folder()).is_none() => {
                let found = self.by_address(source.folder(), page)?;
                matches!(&found, Resolution::Found(found) if self.is_beside(found, source)).then_some(found)
            }
            _ => None,
        }
    }

    fn is_beside(&self, found: &Found, source: &VaultPath) -> bool {
        self.file(found.best).is_some_and(|file| file.path.folder() == source.folder())
    }

    /// Returns whether a site has its own way to make an address of what a link names (Hugo's link render
    /// hooks).
    fn has_link_hook(&self, site: &Site<'_>) -> bool {
        let mut hooks = self.defined_by_path(Key::name("render-link")).iter().filter_map(|id| self.file(*id));
        hooks.any(|file| {
            last_component(file.path.folder()) == "_markup"
                && (site.root.is_empty() || file.path.lies_below(site.root))
        })
    }
}

impl Site<'_> {
    /// Returns where an address from the root may lie as a file: below a folder above the note, the nearest
    /// first, or below a root of the site.
    fn places(&self, source: &VaultPath, address: &str) -> Vec<VaultPath> {
        let above = source.folders().filter(|folder| folder.len() >= self.root.len());
        let roots = ROOTS.iter().map(|root| join(self.root, root));
        let folders = above.map(str::to_owned).chain(roots).chain([self.root.to_owned()]);
        // The folder of a collection of Jekyll is hidden from those that list files.
        let prefixes: &[&str] = if self.generator == SiteGenerator::Jekyll { &["", "_"] } else { &[""] };
        let at = |folder: String| {
            prefixes
                .iter()
                .filter_map(move |prefix| VaultPath::resolve(&folder, &format!("{prefix}{address}")).ok())
        };
        folders.flat_map(at).collect()
    }

    /// Returns the folders that a blog of Docusaurus lies in by default.
    fn blogs(&self) -> [String; 2] {
        ["blog", "website/blog"].map(|folder| join(self.root, folder))
    }
}

/// Returns the folder that relative links of the page of a note begin at: `a/b` of `a/b.md`, whose page is
/// `a/b/index.html`, and `a` of `a/index.md`.
pub(crate) fn page_folder(path: &VaultPath) -> &str {
    if path.is_index() { path.folder() } else { path.without_extension() }
}

fn join(root: &str, folder: &str) -> String {
    if root.is_empty() { folder.to_owned() } else { format!("{root}/{folder}") }
}

/// Returns an address without its first components.
fn rest_of(address: &str, count: usize) -> Option<&str> {
    let rest = address.splitn(count + 1, '/').nth(count)?.trim_matches('/');
    (!rest.is_empty()).then_some(rest)
}

/// Returns where the original of a page may lie that is not translated yet: at the same path without the
/// folder of the language, or in the one for English.
fn translated(source: &VaultPath, page: &str) -> Vec<VaultPath> {
    let folder = if page.starts_with('/') { "" } else { source.folder() };
    let Ok(path) = VaultPath::resolve(folder, page) else { return Vec::new() };
    let components: Vec<&str> = path.as_str().split('/').collect();
    let mut places = Vec::new();
    for (index, _) in components.iter().enumerate().filter(|(_, component)| is_language(component)) {
        for other in ["en", ""] {
            let mut original = components.clone();
            original.splice(index..=index, [other]);
            places.extend(VaultPath::resolve("", &original.join("/")));
        }
    }
    places.retain(|place| *place != path && place.file_name() == path.file_name());
    places
}

fn is_word(target: &str) -> bool {
    target.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Returns whether a target is a name with dots, as items of programs and rules of a specification have:
/// `items.fn.extern`, `std::fmt`. It has no extension of a file.
fn is_identifier(target: &str) -> bool {
    const FILES: [&str; 14] = [
        "md", "markdown", "html", "png", "svg", "jpg", "jpeg", "gif", "css", "js", "rs", "toml", "pdf", "zip",
    ];
    let last = target.rsplit_once('.').map(|(_, last)| last);
    let is_part = |part: &str| !part.is_empty() && is_word(part);
    target.contains("::") && target.split("::").all(is_part)
        || last.is_some_and(|last| !FILES.contains(&last)) && target.split('.').all(is_part)
}

/// Returns whether a relative address leads out of the book that its note belongs to: it is published beside
/// others.
fn leaves_book(site: &Site<'_>, source: &VaultPath, target: &str) -> bool {
    let folders = source.folders().filter(|folder| folder.len() > site.root.len());
    let Some(book) = folders.last() else { return target.starts_with("../") };
    let leads_out = |path: VaultPath| !path.lies_below(book);
    is_relative(target) && VaultPath::resolve(source.folder(), target).map_or(true, leads_out)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config::Settings;
    use crate::syntax::LinkKind;
    use crate::vault::{Change, Coverage, DiskFile, Note, VaultWriter};

    /// Returns what the links of a note lead to, in a vault with these files.
    fn meanings(files: &[&str], source: &str, targets: &[&str], site: SiteGenerator) -> Vec<String> {
        meanings_with(files, source, targets, Settings { site, ..Settings::default() })
    }

    fn meanings_with(files: &[&str], source: &str, targets: &[&str], settings: Settings) -> Vec<String> {
        let mut writer = VaultWriter::new(Arc::new(settings));
        let text: String = targets.iter().map(|target| format!("[x]({target}) ")).collect();
        let file = |path: &str, text: &str| {
            let path = VaultPath::resolve("", path).unwrap();
            let note = DiskFile::Note(Arc::new(Note::new(text)));
            (path.clone(), if path.is_note() { note } else { DiskFile::Attachment })
        };
        let all = files.iter().map(|path| file(path, "")).chain([file(source, &text)]);
        writer.apply(Change::Disk(all.collect()));
        writer.apply(Change::Coverage(Coverage::Whole));
        let vault = writer.snapshot();
        let note = vault.note(vault.find(source).unwrap()).unwrap();
        let links = note.note.parsed.links.iter().filter(|link| link.kind == LinkKind::Inline);
        let shown = links.map(|link| match vault.resolve(&note, link) {
            Resolution::Found(found) => {
                format!("{} {}", vault.file(found.best).unwrap().path, found.tier.as_str())
            }
            other => format!("{other:?}"),
        });
        shown.collect()
    }

    fn check(files: &[&str], source: &str, cases: &[(&str, &str)]) {
        let targets: Vec<&str> = cases.iter().map(|(target, _)| *target).collect();
        let found = meanings(files, source, &targets, SiteGenerator::Auto);
        let expected: Vec<&str> = cases.iter().map(|(_, expected)| *expected).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn relative_addresses_begin_at_the_page() {
        let files = ["mkdocs.yml", "docs/a/b.md", "docs/a/img/x.png", "docs/c.md", "docs/d/index.md"];
        check(
            &files,
            "docs/a/source.md",
            &[
                ("../b/", "docs/a/b.md site"),
                ("../b", "docs/a/b.md site"),
                ("../img/x.png", "docs/a/img/x.png site"),
                ("../../c/", "docs/c.md site"),
                ("../../d/", "docs/d/index.md site"),
                ("../c.md", "docs/c.md path"),
                ("../b.md", "Missing"),
                ("../../gone/", "Missing"),
                ("?q=x", "docs/a/source.md own"),
                ("./#part", "docs/a/source.md own"),
            ],
        );
        check(&files, "docs/d/index.md", &[("./", "docs/d/index.md path")]);
        check(&files, "docs/a/index.md", &[("../b/", "Missing"), ("../c/", "docs/c.md path")]);
        check(&files[1..], "docs/a/source.md", &[("../b/", "Missing"), ("../c/", "docs/c.md path")]);
        assert_eq!(meanings(&files, "docs/a/s.md", &["../b/"], SiteGenerator::None), ["Missing"]);
        assert_eq!(
            meanings(&files[1..], "docs/a/s.md", &["../b/"], SiteGenerator::Hugo),
            ["docs/a/b.md site"]
        );
    }

    #[test]
    fn addresses_from_the_root_may_begin_with_what_is_no_folder() {
        check(
            &["website/docusaurus.config.js", "docs/sub/a.md", "docs/b.mdx", "website/static/x.png"],
            "docs/sub/source.md",
            &[
                ("/base/docs/next/sub/a", "docs/sub/a.md site"),
                ("/docs/next/b#c", "docs/b.mdx site"),
                ("/base/x.png", "website/static/x.png site"),
                ("/sub/gone", "Missing"),
                ("/base/a", "docs/sub/a.md site"),
                ("/next/a.md", "Missing"),
            ],
        );
    }

    #[test]
    fn what_a_page_means_comes_before_the_file_at_that_path() {
        let pages = ["content/a/deploy.md", "content/deploy.md", "content/a/other.md"];
        let cases = [
            ("../deploy", "content/a/deploy.md site"),
            ("../deploy#x", "content/a/deploy.md site"),
            ("../deploy.md", "content/deploy.md path"),
            ("other", "content/a/other.md path"),
        ];
        check(&[&["hugo.toml"], &pages[..]].concat(), "content/a/source.md", &cases);
        let with_hook = ["hugo.toml", "layouts/_default/_markup/render-link.html"];
        let as_path = [("../deploy", "content/deploy.md path")];
        check(&[&with_hook[..], &pages[..]].concat(), "content/a/source.md", &as_path);
        check(&[&["hugo.toml"], &pages[..]].concat(), "content/a/index.md", &as_path);
        check(&pages, "content/a/source.md", &as_path);
    }

    #[test]
    fn a_host_may_lead_to_other_addresses() {
        let redirects = ["/old/*", "/one/"].map(str::to_owned).into();
        let settings = Settings { redirects, site: SiteGenerator::Hugo, ..Settings::default() };
        let targets = ["/old/page", "/one", "/one/more", "old/page", "/old/x.md"];
        assert_eq!(
            meanings_with(&["content/old/x.md"], "content/source.md", &targets, settings),
            ["External", "External", "Missing", "Missing", "content/old/x.md path"]
        );
    }

    #[test]
    fn a_blog_has_pages_of_all_its_posts() {
        let cases = [
            ("/blog", "External"),
            ("/blog/tags/x", "External"),
            ("/blog/2026/11/27/post", "website/blog/2026-11-27-post.md path"),
            ("/blog/2026/11/27/gone", "Missing"),
            ("/blog/gone", "Missing"),
            ("blog/tags/x", "Missing"),
        ];
        let files = ["website/docusaurus.config.js", "website/blog/2026-11-27-post.md"];
        check(&files, "docs/source.md", &cases);
        check(&files[..1], "docs/source.md", &[("/blog", "Missing")]);
    }

    #[test]
    fn pages_that_are_not_translated_are_those_of_the_original() {
        check(
            &["docs/tr/mkdocs.yml", "docs/en/docs/a.md", "docs/en/docs/b/a.md", "docs/de/docs/a.md"],
            "docs/tr/docs/b/source.md",
            &[
                ("../a.md", "docs/en/docs/a.md site"),
                ("a.md", "docs/en/docs/b/a.md site"),
                ("../c.md", "Missing"),
            ],
        );
    }

    #[test]
    fn addresses_of_other_pages_are_not_judged() {
        check(
            &["hugo.toml", "layouts/_markup/render-link.html", "content/a.md"],
            "content/source.md",
            &[
                ("/tags/x/", "External"),
                ("/fr/categories/x/", "External"),
                ("g", "External"),
                ("g.md", "Missing"),
            ],
        );
        check(
            &["hugo.toml"],
            "content/source.md",
            &[("tags/x/", "Missing"), ("g", "Missing"), ("/x/tags/", "Missing")],
        );
        check(
            &["book/book.toml", "book/src/a.md"],
            "book/src/source.md",
            &[
                ("../std/index.html", "External"),
                ("../../../x.html", "External"),
                ("../gone.md", "Missing"),
                ("gone.html", "Missing"),
                ("items.fn", "External"),
                ("items.png", "Missing"),
            ],
        );
        let chapters = [("gone.md", "External"), ("gone.png", "Missing")];
        check(&["book/book.toml", "book/src/a.md"], "book/src/SUMMARY.md", &chapters);
    }

    #[test]
    fn a_configuration_that_others_have_too_needs_pages() {
        let is_site = |files: &[&str]| {
            meanings(files, "content/s.md", &["/tags/x/"], SiteGenerator::Auto) == ["External"]
        };
        assert!(is_site(&["config.toml"]));
        assert!(!is_site(&["content/a/config.toml"]));
    }
}
