//! Changes of a vault as the edits that a client carries out.

use std::collections::HashMap;
use std::fmt;

use tower_lsp::ls_types::{
    AnnotatedTextEdit, ChangeAnnotation, CreateFile, CreateFileOptions, DeleteFile, DocumentChangeOperation,
    DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, PrepareRenameResponse, Range,
    RenameFile, RenameFileOptions, ResourceOp, TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};

use crate::ide::{Edit, NoteEdits, Ranged, VaultChange};
use crate::vault::FileId;

use super::Encoder;
use crate::lsp::session::client::ClientFeatures;

/// The name under which edits of texts are grouped where a client shows them before they are made.
const ANNOTATION: &str = "vaultls.links";

/// Where a rename takes place and what the thing is called now.
pub fn prepared_rename(found: Ranged<String>, note: FileId, encoder: &Encoder<'_>) -> PrepareRenameResponse {
    PrepareRenameResponse::RangeWithPlaceholder {
        range: encoder.range(note, found.span),
        placeholder: found.value,
    }
}

/// Why a change cannot be written for a client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EditRefusal {
    /// A file has no address that can be written.
    NoAddress,
    /// The client cannot rename files by an edit.
    CannotRename,
    /// The client cannot create files by an edit.
    CannotCreate,
    /// The client cannot delete files by an edit.
    CannotDelete,
}

impl fmt::Display for EditRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            EditRefusal::NoAddress => "a file has no address that the editor could be told",
            EditRefusal::CannotRename => "this editor cannot rename files by an edit; move the file itself",
            EditRefusal::CannotCreate => "this editor cannot create files by an edit",
            EditRefusal::CannotDelete => "this editor cannot delete files by an edit",
        })
    }
}

/// A change in one piece, in its order: texts first, all about the files as they lie now, then what is
/// created, moved and deleted. With the versions of open notes where the client takes them, and under `label`
/// where it groups edits.
///
/// # Errors
///
/// If a file has no address, or the client cannot do what has to be done with files.
pub fn workspace_edit(
    change: &VaultChange,
    label: &str,
    encoder: &Encoder<'_>,
    version: &dyn Fn(FileId) -> Option<i32>,
) -> Result<WorkspaceEdit, EditRefusal> {
    let features = encoder.features;
    check_abilities(change, features)?;
    if !features.document_changes {
        let plain = |edits: &NoteEdits| {
            let text_edits = edits.edits.iter().map(|edit| text_edit(edit, edits.note, encoder)).collect();
            Some((encoder.uri(edits.note)?, text_edits))
        };
        let changes: Option<HashMap<Uri, Vec<TextEdit>>> = change.edits.iter().map(plain).collect();
        let changes = Some(changes.ok_or(EditRefusal::NoAddress)?);
        return Ok(WorkspaceEdit { changes, ..WorkspaceEdit::default() });
    }
    let annotation = features.annotates_changes.then(|| ANNOTATION.to_owned());
    let in_note = |edits: &NoteEdits| {
        let text_edits = edits.edits.iter().map(|edit| {
            let text_edit = text_edit(edit, edits.note, encoder);
            match &annotation {
                Some(id) => OneOf::Right(AnnotatedTextEdit { text_edit, annotation_id: id.clone() }),
                None => OneOf::Left(text_edit),
            }
        });
        let uri = encoder.uri(edits.note)?;
        let text_document = OptionalVersionedTextDocumentIdentifier { uri, version: version(edits.note) };
        Some(DocumentChangeOperation::Edit(TextDocumentEdit { text_document, edits: text_edits.collect() }))
    };
    let operations: Option<Vec<DocumentChangeOperation>> = change.edits.iter().map(in_note).collect();
    let mut operations = operations.ok_or(EditRefusal::NoAddress)?;
    let change_annotations = annotation.filter(|_| !operations.is_empty()).map(|id| {
        let label = label.to_owned();
        HashMap::from([(id, ChangeAnnotation { label, needs_confirmation: None, description: None })])
    });
    operations.extend(file_operations(change, encoder).ok_or(EditRefusal::NoAddress)?);
    let document_changes = Some(DocumentChanges::Operations(operations));
    Ok(WorkspaceEdit { changes: None, document_changes, change_annotations })
}

fn check_abilities(change: &VaultChange, features: &ClientFeatures) -> Result<(), EditRefusal> {
    // Only edits by document can do anything with files.
    let can = |ability: bool| ability && features.document_changes;
    if change.moved.is_some() && !can(features.renames_files) {
        return Err(EditRefusal::CannotRename);
    }
    if !change.created.is_empty() && !can(features.creates_files) {
        return Err(EditRefusal::CannotCreate);
    }
    if !change.deleted.is_empty() && !can(features.deletes_files) {
        return Err(EditRefusal::CannotDelete);
    }
    Ok(())
}

/// What is done with files; nothing that is there is ever overwritten.
fn file_operations(change: &VaultChange, encoder: &Encoder<'_>) -> Option<Vec<DocumentChangeOperation>> {
    let mut operations = Vec::new();
    for note in &change.created {
        let uri = (encoder.address)(&note.path)?;
        let options = CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) };
        let create = CreateFile { uri: uri.clone(), options: Some(options), annotation_id: None };
        operations.push(DocumentChangeOperation::Op(ResourceOp::Create(create)));
        if !note.text.is_empty() {
            let text_document = OptionalVersionedTextDocumentIdentifier { uri, version: None };
            let whole = TextEdit { range: Range::default(), new_text: note.text.clone() };
            let edits = vec![OneOf::Left(whole)];
            operations.push(DocumentChangeOperation::Edit(TextDocumentEdit { text_document, edits }));
        }
    }
    if let Some((file, path)) = &change.moved {
        let options = RenameFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) };
        operations.push(DocumentChangeOperation::Op(ResourceOp::Rename(RenameFile {
            old_uri: encoder.uri(*file)?,
            new_uri: (encoder.address)(path)?,
            options: Some(options),
            annotation_id: None,
        })));
    }
    for file in &change.deleted {
        let delete = DeleteFile { uri: encoder.uri(*file)?, options: None, annotation_id: None };
        operations.push(DocumentChangeOperation::Op(ResourceOp::Delete(delete)));
    }
    Some(operations)
}

/// Two edits as one, the first one's changes first.
pub fn joined_edits(first: Option<WorkspaceEdit>, second: WorkspaceEdit) -> WorkspaceEdit {
    let Some(mut first) = first else { return second };
    if let Some(changes) = second.changes {
        first.changes.get_or_insert_default().extend(changes);
    }
    if let (Some(DocumentChanges::Operations(all)), Some(DocumentChanges::Operations(more))) =
        (&mut first.document_changes, second.document_changes)
    {
        all.extend(more);
    }
    first.change_annotations = first.change_annotations.or(second.change_annotations);
    first
}

/// Whether an edit changes nothing.
pub fn is_empty_edit(edit: &WorkspaceEdit) -> bool {
    let has_changes = edit.changes.as_ref().is_some_and(|changes| !changes.is_empty());
    let has_operations = match &edit.document_changes {
        Some(DocumentChanges::Operations(operations)) => !operations.is_empty(),
        Some(DocumentChanges::Edits(edits)) => !edits.is_empty(),
        None => false,
    };
    !has_changes && !has_operations
}

pub(crate) fn text_edit(edit: &Edit, note: FileId, encoder: &Encoder<'_>) -> TextEdit {
    TextEdit { range: encoder.range(note, edit.span), new_text: edit.new_text.clone() }
}
