//! What a vault's owner can set: the one definition that reading, checking and documenting settings all use.

/// How strictly link targets are resolved.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Profile {
    /// Every tier, down to aliases, titles and loosely written names.
    #[default]
    Lenient,
    /// Paths and names as Obsidian resolves them: exact, or equal by case folding.
    Obsidian,
    /// As Quartz' "shortest" links: the exact stem if it is unique, else the path from the root.
    Quartz,
}

/// All settings of one vault at one moment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Settings {
    /// `resolution.profile`
    pub profile: Profile,
}
