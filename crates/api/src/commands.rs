//! The table and what each command does: nothing but passing on to the studio and making a view.

use model::ItemEdit;
use studio::{
    AccountRecord, AccountState, AgeAnswer, Authority, Code, Destruction, Failure, Job, LedgerClearRequest,
    LedgerDayRow, LedgerDaysRequest, LedgerKeepRequest, LedgerRequest, LedgerView, LetterRequest, LetterView,
    Notice, Offer, PassphraseStrength, PassphraseSuggestion, Pick, ProcessingRow, ProfileEdit, ReceiptView,
    RecoverySheet, RightsRow, RightsRowRequest, Settings, SettingsEdit, SignIn, SpaceView, Status,
    StoredView, Studio, Suggestion, Vaults, WithCode,
};

use crate::requests::{
    AnotherRequest, CodeRequest, ConfirmRequest, CopyRequest, DeviceNameRequest, DeviceRequest, EditsRequest,
    ExportRequest, FacetsRequest, FailureRequest, HideRequest, ImportRequest, JobRequest, LabelRequest,
    Nothing, NoticeRequest, PasswordRequest, PickKind, PickRequest, ProofRequest, ProtectRequest,
    QueryRequest, ReplaceKeyRequest, SalvageRequest, SeqRequest, SeqsRequest, ServiceRequest, SlotRequest,
    StrengthRequest, SwitchRequest, UndoRequest, UnlockRequest,
};
use crate::table::commands;
use crate::views::{
    CellView, DoneView, FacetsView, ItemView, ListingView, MovedView, ReplacedView, StartedView,
};

commands! {
    status(Nothing) -> Status, Nothing, reads [Status], changes [];
    settings(Nothing) -> Settings, Nothing, reads [Settings], changes [];
    settings_edit(SettingsEdit) -> Settings, Nothing, reads [], changes [Settings];
    passphrase_strength(StrengthRequest) -> PassphraseStrength, Nothing, reads [], changes [];
    passphrase_suggest(Nothing) -> PassphraseSuggestion, Nothing, reads [], changes [];
    app_quit(Nothing) -> DoneView, Nothing, reads [], changes [];
    failure_copy(FailureRequest) -> DoneView, Nothing, reads [], changes [];

    vault_create(ProtectRequest) -> RecoverySheet, Nothing, reads [], changes [Status, Items];
    vault_unlock(UnlockRequest) -> Status, Nothing, reads [], changes [Status, Items];
    vault_lock(Nothing) -> Status, Nothing, reads [], changes [Status, Items, Jobs];
    vault_check(Nothing) -> StartedView, OpenVault, reads [], changes [Jobs];
    vault_check_quick(Nothing) -> StartedView, OpenVault, reads [], changes [Jobs];
    vault_space(Nothing) -> SpaceView, OpenVault, reads [Items], changes [];
    vault_compact(Nothing) -> StartedView, OpenVault, reads [], changes [Jobs];
    vault_salvage(SalvageRequest) -> StartedView, Nothing, reads [], changes [Jobs];
    vault_destroy(Nothing) -> Destruction, Nothing, reads [], changes [Status, Items, Jobs, Vaults];

    backup_start(Nothing) -> StartedView, OpenVault, reads [], changes [Jobs];
    backup_verify(Nothing) -> StartedView, Nothing, reads [], changes [Jobs];
    backup_restore(Nothing) -> StartedView, Nothing, reads [], changes [Jobs, Vaults];

    vaults(Nothing) -> Vaults, Nothing, reads [Vaults], changes [];
    vaults_create(AnotherRequest) -> RecoverySheet, Nothing, reads [], changes [Status, Items, Vaults];
    vaults_switch(SwitchRequest) -> Status, Nothing, reads [], changes [Status, Items, Jobs, Vaults];
    vaults_label(LabelRequest) -> Vaults, OpenVault, reads [], changes [Vaults];
    vaults_hide_labels(HideRequest) -> Vaults, Nothing, reads [], changes [Vaults];
    vault_touch(Nothing) -> DoneView, OpenVault, reads [], changes [];
    vault_renew(Nothing) -> StartedView, OpenVault, reads [], changes [Jobs];
    older_copy_accept(Nothing) -> Status, OpenVault, reads [], changes [Status];

    vault_proven(Nothing) -> DoneView, OpenVault, reads [], changes [];
    vault_prove(UnlockRequest) -> DoneView, OpenVault, reads [], changes [Status];

    protection_change(ProtectRequest) -> Status, OpenVault, reads [], changes [Status];
    key_replace(ReplaceKeyRequest) -> ReplacedView, OpenVault, reads [], changes [Status, Jobs];
    slot_remove(SlotRequest) -> Status, OpenVault, reads [], changes [Status];
    recovery_new(Nothing) -> RecoverySheet, OpenVault, reads [], changes [Status];
    recovery_confirm(ConfirmRequest) -> DoneView, OpenVault, reads [], changes [Status];
    recovery_copy(Nothing) -> DoneView, OpenVault, reads [], changes [];
    recovery_save(Nothing) -> DoneView, OpenVault, reads [], changes [];

    gallery_query(QueryRequest) -> ListingView, OpenVault, reads [Items], changes [];
    gallery_cells(SeqsRequest) -> Vec<CellView>, OpenVault, reads [Items], changes [];
    gallery_facets(FacetsRequest) -> FacetsView, OpenVault, reads [Items], changes [];
    item_show(SeqRequest) -> ItemView, OpenVault, reads [Items], changes [];
    items_edit(EditsRequest) -> Vec<ItemEdit>, OpenVault, reads [], changes [Items];
    item_copy(CopyRequest) -> DoneView, OpenVault, reads [], changes [];
    items_discard(SeqsRequest) -> MovedView, OpenVault, reads [], changes [Items];
    items_restore(SeqsRequest) -> MovedView, OpenVault, reads [], changes [Items];
    items_erase(SeqsRequest) -> StartedView, OpenVault, reads [], changes [Items, Jobs];
    trash_empty(Nothing) -> StartedView, OpenVault, reads [], changes [Items, Jobs];

    import_pick(PickRequest) -> Option<Offer>, OpenVault, reads [], changes [];
    import_suggestions(Nothing) -> Vec<Suggestion>, OpenVault, reads [], changes [];
    import_plan(ImportRequest) -> StartedView, OpenVault, reads [], changes [Jobs];
    import_start(ImportRequest) -> StartedView, OpenVault, reads [], changes [Items, Jobs];
    export_start(ExportRequest) -> StartedView, OpenVault, reads [], changes [Jobs];
    archive_import(Nothing) -> StartedView, OpenVault, reads [], changes [Items, Jobs];
    archive_verify(Nothing) -> StartedView, Nothing, reads [], changes [Jobs];

    account(Nothing) -> AccountState, OpenVault, reads [Account], changes [];
    account_age(AgeAnswer) -> AccountState, OpenVault, reads [], changes [Account];
    account_service(ServiceRequest) -> AccountState, OpenVault, reads [], changes [Account, Ledger];
    account_meet(Nothing) -> AccountState, OpenVault, reads [], changes [Account, Ledger];
    account_code(WithCode) -> AccountState, OpenVault, reads [], changes [Account, Ledger];
    account_verify(CodeRequest) -> AccountState, OpenVault, reads [], changes [Account, Ledger];
    account_restart(Nothing) -> AccountState, OpenVault, reads [], changes [Account];
    account_password(PasswordRequest) -> AccountState, OpenVault, reads [], changes [Account, Ledger];
    account_sign_in(SignIn) -> AccountState, OpenVault, reads [], changes [Account, Ledger];
    account_sign_out(Nothing) -> AccountState, OpenVault, reads [], changes [Account, Ledger];
    account_prove(ProofRequest) -> AccountState, OpenVault, reads [], changes [Account, Ledger];
    account_record(Nothing) -> AccountRecord, OpenVault, reads [], changes [Ledger];
    account_profile(ProfileEdit) -> AccountRecord, OpenVault, reads [], changes [Ledger];
    account_device_name(DeviceNameRequest) -> AccountRecord, OpenVault, reads [], changes [Ledger];
    account_device_end(DeviceRequest) -> AccountRecord, OpenVault, reads [], changes [Ledger];
    account_email_move(Nothing) -> AccountState, OpenVault, reads [], changes [Account, Ledger];
    account_email_undo(UndoRequest) -> AccountState, OpenVault, reads [], changes [Account, Ledger];
    account_save(Nothing) -> DoneView, OpenVault, reads [], changes [Account, Ledger];
    account_delete(Nothing) -> ReceiptView, OpenVault, reads [], changes [Account, Ledger];
    account_receipt_save(Nothing) -> DoneView, OpenVault, reads [], changes [];
    ledger(LedgerRequest) -> LedgerView, OpenVault, reads [Ledger], changes [];
    ledger_days(LedgerDaysRequest) -> Vec<LedgerDayRow>, OpenVault, reads [Ledger], changes [];
    ledger_clear(LedgerClearRequest) -> DoneView, OpenVault, reads [], changes [Ledger];
    ledger_keep(LedgerKeepRequest) -> DoneView, OpenVault, reads [], changes [Ledger];
    ledger_save(Nothing) -> DoneView, OpenVault, reads [], changes [];
    stored(Nothing) -> StoredView, OpenVault, reads [Items, Ledger, Account, Settings], changes [];
    processing(Nothing) -> Vec<ProcessingRow>, Nothing, reads [], changes [];
    authorities(Nothing) -> Vec<Authority>, Nothing, reads [], changes [];
    rights(Nothing) -> Vec<RightsRow>, OpenVault, reads [], changes [];
    rights_letter(LetterRequest) -> LetterView, OpenVault, reads [], changes [];
    rights_copy(LetterRequest) -> Vec<RightsRow>, OpenVault, reads [], changes [];
    rights_answered(RightsRowRequest) -> Vec<RightsRow>, OpenVault, reads [], changes [];
    rights_forget(RightsRowRequest) -> Vec<RightsRow>, OpenVault, reads [], changes [];
    notices(Nothing) -> Vec<Notice>, Nothing, reads [], changes [];
    notice_save(NoticeRequest) -> DoneView, Nothing, reads [], changes [];

    jobs(Nothing) -> Vec<Job>, Nothing, reads [Jobs], changes [];
    job_cancel(JobRequest) -> DoneView, Nothing, reads [], changes [Jobs];
    job_dismiss(JobRequest) -> DoneView, Nothing, reads [], changes [Jobs];
}

/// More cells than any screen shows at once.
const MAX_CELLS: usize = 4096;

const DONE: DoneView = DoneView { done: true };

fn status(studio: &Studio, _: Nothing) -> Result<Status, Failure> {
    Ok(studio.status())
}

fn settings(studio: &Studio, _: Nothing) -> Result<Settings, Failure> {
    Ok(studio.settings())
}

fn settings_edit(studio: &Studio, edit: SettingsEdit) -> Result<Settings, Failure> {
    studio.edit_settings(&edit)
}

fn passphrase_strength(_: &Studio, request: StrengthRequest) -> Result<PassphraseStrength, Failure> {
    Ok(Studio::passphrase_strength(&request.passphrase))
}

fn passphrase_suggest(studio: &Studio, _: Nothing) -> Result<PassphraseSuggestion, Failure> {
    Ok(Studio::suggest_passphrase(studio.settings().language))
}

fn failure_copy(studio: &Studio, request: FailureRequest) -> Result<DoneView, Failure> {
    studio.copy_failure(request.code).map(|()| DONE)
}

fn vault_create(studio: &Studio, request: ProtectRequest) -> Result<RecoverySheet, Failure> {
    studio.create_vault(request.protection)
}

fn vault_unlock(studio: &Studio, request: UnlockRequest) -> Result<Status, Failure> {
    studio.unlock(request.with)?;
    Ok(studio.status())
}

fn vault_lock(studio: &Studio, _: Nothing) -> Result<Status, Failure> {
    studio.lock();
    Ok(studio.status())
}

fn vault_check(studio: &Studio, _: Nothing) -> Result<StartedView, Failure> {
    Ok(StartedView { job: Some(studio.start_check()?) })
}

fn vault_check_quick(studio: &Studio, _: Nothing) -> Result<StartedView, Failure> {
    Ok(StartedView { job: Some(studio.start_quick_check()?) })
}

fn vault_space(studio: &Studio, _: Nothing) -> Result<SpaceView, Failure> {
    studio.space()
}

fn vault_compact(studio: &Studio, _: Nothing) -> Result<StartedView, Failure> {
    Ok(StartedView { job: Some(studio.start_compact()?) })
}

fn vault_salvage(studio: &Studio, request: SalvageRequest) -> Result<StartedView, Failure> {
    Ok(StartedView { job: studio.pick_and_salvage(request.with)? })
}

fn vault_destroy(studio: &Studio, _: Nothing) -> Result<Destruction, Failure> {
    studio.destroy_vault()
}

fn backup_start(studio: &Studio, _: Nothing) -> Result<StartedView, Failure> {
    Ok(StartedView { job: studio.pick_and_backup()? })
}

fn backup_verify(studio: &Studio, _: Nothing) -> Result<StartedView, Failure> {
    Ok(StartedView { job: studio.pick_and_verify_backup()? })
}

fn backup_restore(studio: &Studio, _: Nothing) -> Result<StartedView, Failure> {
    Ok(StartedView { job: studio.pick_and_restore_backup()? })
}

fn vaults(studio: &Studio, _: Nothing) -> Result<Vaults, Failure> {
    Ok(studio.vaults())
}

fn vaults_create(studio: &Studio, request: AnotherRequest) -> Result<RecoverySheet, Failure> {
    studio.create_another_vault(request.protection, &request.label)
}

fn vaults_switch(studio: &Studio, request: SwitchRequest) -> Result<Status, Failure> {
    studio.switch_vault(&request.vault)
}

fn vaults_label(studio: &Studio, request: LabelRequest) -> Result<Vaults, Failure> {
    studio.label_vault(&request.label)
}

fn vaults_hide_labels(studio: &Studio, request: HideRequest) -> Result<Vaults, Failure> {
    Ok(studio.hide_labels(request.hide))
}

fn vault_touch(studio: &Studio, _: Nothing) -> Result<DoneView, Failure> {
    studio.touch().map(|()| DONE)
}

fn vault_renew(studio: &Studio, _: Nothing) -> Result<StartedView, Failure> {
    Ok(StartedView { job: Some(studio.start_renewal()?) })
}

fn older_copy_accept(studio: &Studio, _: Nothing) -> Result<Status, Failure> {
    studio.accept_older_copy()?;
    Ok(studio.status())
}

fn app_quit(studio: &Studio, _: Nothing) -> Result<DoneView, Failure> {
    studio.quit();
    Ok(DoneView { done: true })
}

fn vault_proven(studio: &Studio, _: Nothing) -> Result<DoneView, Failure> {
    Ok(DoneView { done: studio.is_proven()? })
}

fn vault_prove(studio: &Studio, request: UnlockRequest) -> Result<DoneView, Failure> {
    studio.prove(request.with)?;
    Ok(DoneView { done: true })
}

fn key_replace(studio: &Studio, request: ReplaceKeyRequest) -> Result<ReplacedView, Failure> {
    let (recovery, job) = studio.replace_key(request.passphrase)?;
    Ok(ReplacedView { recovery, job })
}

fn slot_remove(studio: &Studio, request: SlotRequest) -> Result<Status, Failure> {
    studio.remove_slots(request.kind)?;
    Ok(studio.status())
}

fn protection_change(studio: &Studio, request: ProtectRequest) -> Result<Status, Failure> {
    studio.change_protection(request.protection)?;
    Ok(studio.status())
}

fn recovery_new(studio: &Studio, _: Nothing) -> Result<RecoverySheet, Failure> {
    studio.new_recovery()
}

fn recovery_confirm(studio: &Studio, request: ConfirmRequest) -> Result<DoneView, Failure> {
    Ok(DoneView { done: studio.confirm_recovery(&request.answers)? })
}

fn recovery_copy(studio: &Studio, _: Nothing) -> Result<DoneView, Failure> {
    studio.copy_recovery().map(|()| DONE)
}

fn recovery_save(studio: &Studio, _: Nothing) -> Result<DoneView, Failure> {
    Ok(DoneView { done: studio.save_recovery()? })
}

fn gallery_query(studio: &Studio, request: QueryRequest) -> Result<ListingView, Failure> {
    let listing = studio.query(&request.query())?;
    Ok(ListingView::new(&listing, request.sort, &request.text))
}

fn gallery_cells(studio: &Studio, request: SeqsRequest) -> Result<Vec<CellView>, Failure> {
    if request.seqs.len() > MAX_CELLS {
        return Err(Code::BadRequest.into());
    }
    Ok(studio.items(&request.seqs)?.into_iter().map(CellView::from).collect())
}

fn gallery_facets(studio: &Studio, request: FacetsRequest) -> Result<FacetsView, Failure> {
    Ok(studio.facets(request.scope.into())?.into())
}

fn item_show(studio: &Studio, request: SeqRequest) -> Result<ItemView, Failure> {
    Ok(studio.detail(request.seq)?.into())
}

fn items_edit(studio: &Studio, request: EditsRequest) -> Result<Vec<ItemEdit>, Failure> {
    let edits: Vec<_> = request.edits.into_iter().map(|one| (one.seq, one.edit)).collect();
    studio.edit(&edits)
}

fn item_copy(studio: &Studio, request: CopyRequest) -> Result<DoneView, Failure> {
    studio.copy(request.seq, request.what).map(|()| DONE)
}

fn items_discard(studio: &Studio, request: SeqsRequest) -> Result<MovedView, Failure> {
    Ok(MovedView { moved: studio.discard(&request.seqs)? })
}

fn items_restore(studio: &Studio, request: SeqsRequest) -> Result<MovedView, Failure> {
    Ok(MovedView { moved: studio.restore(&request.seqs)? })
}

fn items_erase(studio: &Studio, request: SeqsRequest) -> Result<StartedView, Failure> {
    Ok(StartedView { job: Some(studio.start_erase(&request.seqs)?) })
}

fn trash_empty(studio: &Studio, _: Nothing) -> Result<StartedView, Failure> {
    Ok(StartedView { job: Some(studio.start_empty_trash()?) })
}

fn import_pick(studio: &Studio, request: PickRequest) -> Result<Option<Offer>, Failure> {
    studio.pick(match request.what {
        PickKind::Pictures => &Pick::Pictures,
        PickKind::Folders => &Pick::Folders,
    })
}

fn import_suggestions(studio: &Studio, _: Nothing) -> Result<Vec<Suggestion>, Failure> {
    studio.suggestions()
}

fn import_plan(studio: &Studio, request: ImportRequest) -> Result<StartedView, Failure> {
    Ok(StartedView { job: Some(studio.plan_import(&request.offers, request.label)?) })
}

fn import_start(studio: &Studio, request: ImportRequest) -> Result<StartedView, Failure> {
    Ok(StartedView { job: Some(studio.start_import(&request.offers, request.label)?) })
}

fn export_start(studio: &Studio, request: ExportRequest) -> Result<StartedView, Failure> {
    let scope = request.seqs.map_or(studio::ExportScope::Everything, studio::ExportScope::Items);
    Ok(StartedView { job: studio.pick_and_export(&scope)? })
}

fn archive_import(studio: &Studio, _: Nothing) -> Result<StartedView, Failure> {
    Ok(StartedView { job: studio.pick_and_restore()? })
}

fn archive_verify(studio: &Studio, _: Nothing) -> Result<StartedView, Failure> {
    Ok(StartedView { job: studio.pick_and_verify()? })
}

fn account(studio: &Studio, _: Nothing) -> Result<AccountState, Failure> {
    studio.account()
}

fn account_age(studio: &Studio, answer: AgeAnswer) -> Result<AccountState, Failure> {
    studio.answer_age(&answer)
}

fn account_service(studio: &Studio, request: ServiceRequest) -> Result<AccountState, Failure> {
    studio.set_service(request.address.as_deref())
}

fn account_meet(studio: &Studio, _: Nothing) -> Result<AccountState, Failure> {
    studio.meet_service()
}

fn account_code(studio: &Studio, request: WithCode) -> Result<AccountState, Failure> {
    studio.ask_code(&request)
}

fn account_verify(studio: &Studio, request: CodeRequest) -> Result<AccountState, Failure> {
    studio.give_code(&request.typed)
}

fn account_restart(studio: &Studio, _: Nothing) -> Result<AccountState, Failure> {
    studio.drop_steps()
}

fn account_password(studio: &Studio, request: PasswordRequest) -> Result<AccountState, Failure> {
    studio.set_password(request.password, request.keep)
}

fn account_sign_in(studio: &Studio, request: SignIn) -> Result<AccountState, Failure> {
    studio.sign_in(request)
}

fn account_sign_out(studio: &Studio, _: Nothing) -> Result<AccountState, Failure> {
    studio.sign_out()
}

fn account_prove(studio: &Studio, request: ProofRequest) -> Result<AccountState, Failure> {
    studio.prove_password(request.purpose, request.password)
}

fn account_record(studio: &Studio, _: Nothing) -> Result<AccountRecord, Failure> {
    studio.account_record()
}

fn account_profile(studio: &Studio, edit: ProfileEdit) -> Result<AccountRecord, Failure> {
    studio.edit_profile(&edit)
}

fn account_device_name(studio: &Studio, request: DeviceNameRequest) -> Result<AccountRecord, Failure> {
    studio.name_device(&request.device, &request.label)
}

fn account_device_end(studio: &Studio, request: DeviceRequest) -> Result<AccountRecord, Failure> {
    studio.end_device(request.device.as_deref())
}

fn account_email_move(studio: &Studio, _: Nothing) -> Result<AccountState, Failure> {
    studio.move_email()
}

fn account_email_undo(studio: &Studio, request: UndoRequest) -> Result<AccountState, Failure> {
    studio.undo_email(&request.line)
}

fn account_save(studio: &Studio, _: Nothing) -> Result<DoneView, Failure> {
    Ok(DoneView { done: studio.save_account()? })
}

fn account_delete(studio: &Studio, _: Nothing) -> Result<ReceiptView, Failure> {
    studio.delete_account()
}

fn account_receipt_save(studio: &Studio, _: Nothing) -> Result<DoneView, Failure> {
    Ok(DoneView { done: studio.save_receipt()? })
}

fn ledger(studio: &Studio, request: LedgerRequest) -> Result<LedgerView, Failure> {
    studio.ledger(&request)
}

fn ledger_days(studio: &Studio, request: LedgerDaysRequest) -> Result<Vec<LedgerDayRow>, Failure> {
    studio.ledger_days(&request)
}

fn ledger_clear(studio: &Studio, request: LedgerClearRequest) -> Result<DoneView, Failure> {
    studio.clear_ledger(request).map(|()| DONE)
}

fn ledger_keep(studio: &Studio, request: LedgerKeepRequest) -> Result<DoneView, Failure> {
    studio.keep_ledger(request).map(|()| DONE)
}

fn ledger_save(studio: &Studio, _: Nothing) -> Result<DoneView, Failure> {
    Ok(DoneView { done: studio.save_ledger()? })
}

fn stored(studio: &Studio, _: Nothing) -> Result<StoredView, Failure> {
    studio.stored()
}

fn processing(studio: &Studio, _: Nothing) -> Result<Vec<ProcessingRow>, Failure> {
    Ok(studio.processing())
}

fn authorities(studio: &Studio, _: Nothing) -> Result<Vec<Authority>, Failure> {
    Ok(studio.authorities())
}

fn rights(studio: &Studio, _: Nothing) -> Result<Vec<RightsRow>, Failure> {
    studio.rights()
}

fn rights_letter(studio: &Studio, request: LetterRequest) -> Result<LetterView, Failure> {
    studio.letter(&request)
}

fn rights_copy(studio: &Studio, request: LetterRequest) -> Result<Vec<RightsRow>, Failure> {
    studio.copy_letter(&request)
}

fn rights_answered(studio: &Studio, request: RightsRowRequest) -> Result<Vec<RightsRow>, Failure> {
    studio.rights_answered(request)
}

fn rights_forget(studio: &Studio, request: RightsRowRequest) -> Result<Vec<RightsRow>, Failure> {
    studio.rights_forget(request)
}

fn notices(studio: &Studio, _: Nothing) -> Result<Vec<Notice>, Failure> {
    Ok(studio.notices())
}

fn notice_save(studio: &Studio, request: NoticeRequest) -> Result<DoneView, Failure> {
    Ok(DoneView { done: studio.save_notice(&request.version)? })
}

fn jobs(studio: &Studio, _: Nothing) -> Result<Vec<Job>, Failure> {
    // The list names files, so it is empty while the vault is locked.
    Ok(studio.jobs())
}

fn job_cancel(studio: &Studio, request: JobRequest) -> Result<DoneView, Failure> {
    studio.cancel_job(request.job).map(|()| DONE)
}

fn job_dismiss(studio: &Studio, request: JobRequest) -> Result<DoneView, Failure> {
    studio.dismiss_job(request.job).map(|()| DONE)
}
