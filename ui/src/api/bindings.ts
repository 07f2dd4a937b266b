// Written by `cargo test -p api` from the command table; a test fails when it is out of date.

export type AccountRecord = { 
/**
 * The address.
 */
email: string, 
/**
 * What they want to be called.
 */
display_name: string | null, 
/**
 * The language of mails.
 */
locale: Language, 
/**
 * The day on which the account was made, `YYYY-MM-DD` in UTC.
 */
created_day: string, 
/**
 * The age that they said to have reached.
 */
age: number, 
/**
 * The notice that they accepted last.
 */
notice_version: string, 
/**
 * The devices that are signed in, this one first.
 */
devices: Array<DeviceRow>, };

export type AccountState = { 
/**
 * Which service it is with.
 */
service: ServiceInfo, 
/**
 * Somebody is signed in, or was when it was last heard of.
 */
signed_in: boolean, 
/**
 * Where the session is kept; `null` where it ends with the program.
 */
kept: Place | null, 
/**
 * What was answered on the age screen.
 */
age: Age, 
/**
 * The code that is on its way.
 */
code: CodeInfo | null, 
/**
 * What the last code that was right is for.
 */
checked: CodeFor | null, 
/**
 * What the password was proved for.
 */
proved: ProofFor | null, 
/**
 * The version of the privacy notice that goes with a new account.
 */
notice: string | null, 
/**
 * A receipt is there to be saved.
 */
receipt: boolean, 
/**
 * Milliseconds to wait before the service is asked again.
 */
wait_ms: number, };

export type Age = "unknown" | "old_enough" | "too_young";

export type AgeAnswer = { 
/**
 * Two capital letters (ISO 3166-1).
 */
country: string, 
/**
 * Of birth.
 */
year: number, 
/**
 * Of birth, 1 to 12.
 */
month: number, };

export type AnotherRequest = { 
/**
 * See [`Protection`].
 */
protection: Protection, 
/**
 * Its name; may be empty.
 */
label: string, };

export type Asked = { 
/**
 * Its number: the answer says which question it is for, as another may have taken its place meanwhile.
 */
id: number, 
/**
 * What to type.
 */
typed: Typed, 
/**
 * Name of the command that it is for.
 */
name: string, 
/**
 * How the window speaks and looks.
 */
settings: Settings, 
/**
 * Milliseconds to wait before the next passphrase or recovery key is looked at.
 */
wait_ms: number, };

export type Authority = { 
/**
 * Two capital letters (ISO 3166-1).
 */
country: string, 
/**
 * A part of it (ISO 3166-2), empty for the whole.
 */
region: string, 
/**
 * Its name in its own language.
 */
name: string, 
/**
 * Its name in English.
 */
name_en: string, 
/**
 * Its site, empty where none is known.
 */
homepage: string, 
/**
 * Where it takes mails, empty where it wants another way.
 */
mail: string, 
/**
 * The day on which this was looked up, `YYYY-MM-DD`.
 */
checked: string, 
/**
 * A second source says the same.
 */
verified: boolean, };

export type Basis = "contract" | "legitimate_interest" | "consent";

export type Bilingual = { 
/**
 * Japanese.
 */
ja: string, 
/**
 * English.
 */
en: string, };

export type CellView = { 
/**
 * Its number.
 */
seq: number, 
/**
 * Its file's name.
 */
file_name: string, 
/**
 * The person's title.
 */
title: string, 
/**
 * The beginning of the prompt.
 */
prompt: string, 
/**
 * Pixels.
 */
width: number, 
/**
 * Pixels.
 */
height: number, 
/**
 * When it was made.
 */
created_at: Timestamp, 
/**
 * With the heart.
 */
favourite: boolean, 
/**
 * 0 to 5.
 */
rating: number, 
/**
 * More than one frame.
 */
animated: boolean, 
/**
 * In the trash.
 */
discarded: boolean, };

export type CharacterPrompt = { 
/**
 * What was asked for.
 */
prompt: string, 
/**
 * Centres as fractions of width and height.
 */
centers?: Array<[number, number]>, };

export type Cloud = "one_drive" | "i_cloud" | "dropbox" | "google_drive";

export type Code = "locked" | "no_vault" | "vault_exists" | "vault_in_use" | "folder_not_empty" | "vault_newer" | "header_damaged" | "header_missing" | "header_tampered" | "header_older" | "catalogue_damaged" | "catalogue_missing" | "catalogue_foreign" | "images_damaged" | "images_missing" | "images_foreign" | "cipher_missing" | "wrong_secret" | "proof_needed" | "too_many_attempts" | "recovery_malformed" | "recovery_mistyped" | "recovery_other_vault" | "no_such_slot" | "last_slot" | "passphrase_weak" | "keychain_unavailable" | "keychain_locked" | "keychain_missing" | "keychain_garbage" | "keychain_unanswered" | "no_such_item" | "picture_damaged" | "disk_full" | "read_only" | "not_permitted" | "disk_failed" | "not_found" | "target_exists" | "file_too_large" | "target_busy" | "target_inside_vault" | "nothing" | "archive_damaged" | "archive_not_ours" | "archive_newer" | "archive_unsafe" | "backup_damaged" | "backup_not_ours" | "backup_newer" | "no_such_vault" | "no_such_offer" | "no_such_job" | "bad_request" | "no_such_command" | "clipboard_unavailable" | "settings_not_saved" | "not_allowed" | "ledger_not_written" | "service_unreachable" | "service_unanswered" | "service_untrusted" | "clock_wrong" | "another_service" | "service_newer" | "service_answer" | "signed_out" | "signed_out_here_alone" | "no_such_device" | "line_malformed" | "account_refused" | "password_wrong" | "code_wrong" | "code_malformed" | "step_over" | "too_many_requests" | "password_weak" | "too_long" | "email_malformed" | "name_malformed" | "address_malformed" | "address_plain" | "address_forbidden" | "age_needed" | "too_young" | "out_of_memory" | "cancelled" | "internal";

export type CodeFor = "register" | "reset_password" | "change_email" | "delete_account";

export type CodeInfo = { 
/**
 * What for.
 */
purpose: CodeFor, 
/**
 * Where it was sent.
 */
email: string, 
/**
 * Milliseconds until it is worth nothing.
 */
left_ms: number, };

export type CodeRequest = { 
/**
 * As typed.
 */
typed: string, };

export type ConfirmRequest = { 
/**
 * Two of them.
 */
answers: Array<RecoveryAnswer>, };

export type Copied = "prompt" | "negative" | "seed" | "parameters";

export type CopyRequest = { 
/**
 * The item's number.
 */
seq: number, 
/**
 * What of it.
 */
what: Copied, };

export type Destruction = { 
/**
 * Names of files that are gone.
 */
removed: Array<string>, 
/**
 * Names of files that are still in the folder: not the vault's, or the system refused.
 */
left: Array<string>, 
/**
 * The folder is gone as well.
 */
folder_removed: boolean, 
/**
 * What became of the key in the computer's keychain.
 */
keychain: KeychainFate, 
/**
 * There was a recovery key: it opens backups and copies that were made before.
 */
recovery_key_existed: boolean, };

export type DeviceNameRequest = { 
/**
 * Which.
 */
device: string, 
/**
 * Its name.
 */
label: string, };

export type DeviceRequest = { 
/**
 * Which; `null` for all but this one.
 */
device: string | null, };

export type DeviceRow = { 
/**
 * Its name in requests.
 */
id: string, 
/**
 * What the person calls it.
 */
label: string, 
/**
 * `windows`, `macos` or `linux`.
 */
platform: "windows" | "macos" | "linux", 
/**
 * The day of the sign-in, `YYYY-MM-DD` in UTC.
 */
created_day: string, 
/**
 * The day of the last use.
 */
last_used_day: string, 
/**
 * It is this one.
 */
here: boolean, };

export type DoneView = { 
/**
 * It did.
 */
done: boolean, };

export type EditRequest = { 
/**
 * Its number.
 */
seq: number, 
/**
 * What to change.
 */
edit: ItemEdit, };

export type EditsRequest = { 
/**
 * One an item.
 */
edits: Array<EditRequest>, };

export type Event = { "kind": "status", 
/**
 * As it is now.
 */
status: Status, } | { "kind": "changed", 
/**
 * What is to be read again.
 */
topics: Array<Topic>, } | { "kind": "job", 
/**
 * As it is now.
 */
job: Job, } | { "kind": "offered", 
/**
 * What was dropped.
 */
offer: Offer, } | { "kind": "settings", 
/**
 * As they are now.
 */
settings: Settings, };

export type ExportRequest = { 
/**
 * Items by their numbers; `null` for everything.
 */
seqs: Array<number> | null, };

export type FacetView = { 
/**
 * The name.
 */
name: string, 
/**
 * Items outside the trash.
 */
count: number, };

export type FacetsRequest = { 
/**
 * Of which items.
 */
scope: Scope, };

export type FacetsView = { 
/**
 * Programs.
 */
generators: Array<FacetView>, 
/**
 * Models.
 */
models: Array<FacetView>, 
/**
 * Tags.
 */
tags: Array<FacetView>, };

export type FailedAttempts = { 
/**
 * How many.
 */
count: number, 
/**
 * The first of them.
 */
since: Timestamp, 
/**
 * The last of them.
 */
last: Timestamp, };

export type FailureRequest = { 
/**
 * Its code.
 */
code: Code, };

export type Format = "png" | "jpeg" | "webp" | "avif";

export type HideRequest = { 
/**
 * They are.
 */
hide: boolean, };

export type Hires = { 
/**
 * Upscaler.
 */
upscaler?: string, 
/**
 * Scale factor.
 */
scale?: number, 
/**
 * Steps of the second pass.
 */
steps?: number, };

export type ImportRequest = { 
/**
 * Which.
 */
offers: Array<OfferId>, 
/**
 * What to call the job.
 */
label: string, };

export type ItemEdit = { 
/**
 * New title.
 */
title?: string, 
/**
 * New prompt.
 */
prompt?: string, 
/**
 * New negative prompt.
 */
negative_prompt?: string, 
/**
 * New rating, 0 to 5.
 */
rating?: number, 
/**
 * New mark.
 */
favourite?: boolean, 
/**
 * The whole new set of tags.
 */
tags?: Array<string>, 
/**
 * Tags to add to those that are there.
 */
add_tags?: Array<string>, 
/**
 * Tags to take away.
 */
remove_tags?: Array<string>, };

export type ItemId = string;

export type ItemView = { 
/**
 * Its number.
 */
seq: number, 
/**
 * Its id.
 */
id: ItemId, 
/**
 * Its file's name.
 */
file_name: string, 
/**
 * `png`, `jpeg`, `webp`, `avif`.
 */
format: Format, 
/**
 * Length of the original.
 */
bytes: number, 
/**
 * Pixels.
 */
width: number, 
/**
 * Pixels.
 */
height: number, 
/**
 * More than one frame.
 */
animated: boolean, 
/**
 * When it was made.
 */
created_at: Timestamp, 
/**
 * When it came in.
 */
added_at: Timestamp, 
/**
 * When it went to the trash.
 */
discarded_at: Timestamp | null, 
/**
 * How it came in.
 */
origin: Origin, 
/**
 * The person's title.
 */
title: string, 
/**
 * 0 to 5.
 */
rating: number, 
/**
 * With the heart.
 */
favourite: boolean, 
/**
 * Sorted.
 */
tags: Array<string>, 
/**
 * How it was made.
 */
recipe: Recipe, 
/**
 * What it declares.
 */
provenance: Provenance, 
/**
 * Metadata as it stood in the file.
 */
raw: Array<RawView>, 
/**
 * Numbers of others with the same prompt.
 */
same_prompt: Array<number>, };

export type Job = { 
/**
 * Its number.
 */
id: JobId, 
/**
 * What it does.
 */
kind: JobKind, 
/**
 * Where it stands.
 */
state: JobState, 
/**
 * It began by itself, because it was due.
 */
by_itself: boolean, 
/**
 * What it works on, as the person named it; may be empty.
 */
label: string, 
/**
 * Files or items done.
 */
done: number, 
/**
 * Files or items in all; 0 while it is not known.
 */
total: number, 
/**
 * Bytes read or written.
 */
bytes: number, 
/**
 * Files or items a second.
 */
per_second: number | null, 
/**
 * Seconds left, as far as can be told.
 */
seconds_left: number | null, 
/**
 * The person asked it to stop.
 */
stopping: boolean, 
/**
 * What it found or did.
 */
report: Report | null, 
/**
 * Why it failed.
 */
failure: Code | null, };

export type JobId = number;

export type JobKind = "plan" | "import" | "export" | "restore" | "verify" | "check" | "erase" | "backup" | "verify_backup" | "restore_backup" | "salvage" | "compact" | "renew";

export type JobRequest = { 
/**
 * Its number.
 */
job: JobId, };

export type JobState = "running" | "done" | "cancelled" | "failed";

export type Kept = { "until": "account_deleted" } | { "until": "erased" } | { "until": "days", "days": number } | { "until": "nothing" };

export type KeychainFate = "removed" | "shared" | "left";

export type LabelRequest = { 
/**
 * Empty for none.
 */
label: string, };

export type Language = "ja" | "en";

export type Layout = "justified" | "square";

export type LedgerClearRequest = { 
/**
 * Those from before this; `null` for all.
 */
before: Timestamp | null, };

export type LedgerCount = { 
/**
 * What they were for.
 */
purpose: Purpose, 
/**
 * How many.
 */
requests: number, };

export type LedgerDayRow = { 
/**
 * Days since 1970 in the zone that was asked for.
 */
day: number, 
/**
 * Requests.
 */
requests: number, 
/**
 * Bytes of their bodies.
 */
sent: number, 
/**
 * Bytes of the answers' bodies.
 */
received: number, };

export type LedgerDaysRequest = { 
/**
 * Requests since then.
 */
since: Timestamp, 
/**
 * Minutes that the zone of the days is before UTC: 540 in Japan.
 */
zone: number, 
/**
 * Those of this purpose alone.
 */
purpose: Purpose | null, 
/**
 * Those to this place alone.
 */
origin: string | null, };

export type LedgerEnd = "open" | "answered" | "failed" | "cancelled";

export type LedgerKeepRequest = { 
/**
 * Days; `null` as long as the vault.
 */
days: number | null, };

export type LedgerRequest = { 
/**
 * Those before this line; `null` for the newest.
 */
before: number | null, 
/**
 * Those of this purpose alone.
 */
purpose: Purpose | null, 
/**
 * Those to this place alone.
 */
origin: string | null, };

export type LedgerRow = { 
/**
 * Counts up.
 */
id: number, 
/**
 * When.
 */
at: Timestamp, 
/**
 * What for.
 */
purpose: Purpose, 
/**
 * What allows it.
 */
basis: Basis, 
/**
 * Whom to: scheme, host and port.
 */
origin: string, 
/**
 * What it went through.
 */
proxy: string | null, 
/**
 * Names of the fields in it.
 */
fields: Array<string>, 
/**
 * Bytes of its body.
 */
sent: number, 
/**
 * What came of it.
 */
outcome: LedgerEnd, 
/**
 * Status of HTTP, 0 without an answer.
 */
status: number, 
/**
 * Bytes of the answer's body.
 */
received: number, };

export type LedgerView = { 
/**
 * Requests since the program was started, by what they were for.
 */
since_start: Array<LedgerCount>, 
/**
 * Newest first.
 */
lines: Array<LedgerRow>, 
/**
 * There are older ones.
 */
more: boolean, 
/**
 * Every place that a request went to.
 */
origins: Array<string>, 
/**
 * Lines from before this were taken out.
 */
cleared: Timestamp | null, 
/**
 * Days that a line is kept; `null` as long as the vault.
 */
keep_days: number | null, };

export type LeftFile = { 
/**
 * Its path as the person knows it: shown, never logged.
 */
path: string, 
/**
 * Why: `not_reached`, `undecided`, `already_here`, `other_kind`.
 */
why: LeftWhy, };

export type LeftWhy = "not_reached" | "undecided" | "already_here" | "other_kind";

export type LetterRequest = { 
/**
 * Minutes that the zone of its dates is before UTC: 540 in Japan.
 */
zone: number, 
/**
 * What it asks for.
 */
right: Right, 
/**
 * Address of the account.
 */
email: string, 
/**
 * What the person adds.
 */
details: string, 
/**
 * To whom a complaint goes: country and region of an authority.
 */
authority: [string, string] | null, };

export type LetterView = { 
/**
 * The address that it goes to; empty where the authority wants another way, and where somebody else runs the service.
 */
to: string, 
/**
 * Its subject.
 */
subject: string, 
/**
 * Its text.
 */
body: string, };

export type ListingView = { 
/**
 * Number of hits.
 */
total: number, 
/**
 * Items outside the trash.
 */
library: number, 
/**
 * Items with the heart.
 */
favourites: number, 
/**
 * Items in the trash.
 */
trash: number, 
/**
 * Every hit's number: base64 of u32, little-endian.
 */
seqs: string, 
/**
 * Every hit's width by height as one byte: 2^((byte − 128) / 32). Base64.
 */
aspects: string, 
/**
 * Months in order, when the order is one of time; otherwise empty.
 */
sections: Array<Section>, 
/**
 * Words of the search as they are to be marked in a text.
 */
terms: Array<string>, 
/**
 * Fields that the search does not know and took as part of a word: `after`.
 */
unknown_fields: Array<string>, };

export type Lora = { 
/**
 * Name or file.
 */
name: string, 
/**
 * Strength on the model; finite.
 */
weight?: number, };

export type Lost = "all" | "picture" | "row" | "details";

export type MovedView = { 
/**
 * Items.
 */
moved: number, };

export type Notice = { 
/**
 * Year and month, `YYYY-MM`.
 */
version: string, 
/**
 * The day from which it applies, `YYYY-MM-DD`.
 */
effective: string, 
/**
 * What is different from the version before.
 */
changes: Array<Bilingual>, 
/**
 * Its clauses in order.
 */
clauses: Array<NoticeClause>, };

export type NoticeClause = { 
/**
 * From 1.
 */
number: number, 
/**
 * By which it is referred to.
 */
id: string, 
/**
 * Its heading.
 */
title: Bilingual, 
/**
 * Its text.
 */
paragraphs: Array<Bilingual>, };

export type NoticeRequest = { 
/**
 * Year and month.
 */
version: string, };

export type Offer = { 
/**
 * Its number.
 */
id: OfferId, 
/**
 * What a person would call it: the last part of the path, or of the first of several.
 */
label: string, 
/**
 * How many files and folders were picked.
 */
paths: number, };

export type OfferId = number;

export type Origin = "imported" | "generated";

export type Pass = { 
/**
 * The node's id in the graph.
 */
node: string, 
/**
 * The node's class.
 */
class: string, 
/**
 * As in [`Recipe`].
 */
prompt?: string, 
/**
 * As in [`Recipe`].
 */
negative_prompt?: string, 
/**
 * As in [`Recipe`].
 */
seed?: string, 
/**
 * As in [`Recipe`].
 */
steps?: number, 
/**
 * As in [`Recipe`].
 */
cfg?: number, 
/**
 * As in [`Recipe`].
 */
sampler?: string, 
/**
 * As in [`Recipe`].
 */
scheduler?: string, 
/**
 * As in [`Recipe`].
 */
model?: string, 
/**
 * As in [`Recipe`].
 */
width?: number, 
/**
 * As in [`Recipe`].
 */
height?: number, 
/**
 * As in [`Recipe`].
 */
denoise?: number, };

export type PassphraseStrength = { 
/**
 * zxcvbn's score, 0 to 4.
 */
score: number, 
/**
 * Characters.
 */
length: number, 
/**
 * The least number of characters.
 */
least: number, 
/**
 * It may protect a vault.
 */
acceptable: boolean, };

export type PassphraseSuggestion = { 
/**
 * Six words.
 */
passphrase: string, };

export type PasswordRequest = { 
/**
 * As typed.
 */
password: string, 
/**
 * The session outlives the program.
 */
keep: boolean, };

export type PickKind = "pictures" | "folders";

export type PickRequest = { 
/**
 * Files or folders.
 */
what: PickKind, };

export type Place = "keychain" | "vault";

export type Processing = "account" | "security" | "stability" | "gallery";

export type ProcessingRow = { 
/**
 * What it is.
 */
processing: Processing, 
/**
 * What allows it.
 */
basis: Basis, 
/**
 * Who gets it.
 */
recipient: Recipient, 
/**
 * How long it is kept.
 */
kept: Kept, 
/**
 * Clauses of the notice that tell of it.
 */
clauses: Array<number>, 
/**
 * The person may object.
 */
objection: boolean, };

export type ProfileEdit = { 
/**
 * What they want to be called; empty for nothing.
 */
display_name?: string, 
/**
 * The language of mails.
 */
locale?: Language, };

export type ProofFor = "change_password" | "change_email" | "delete_account" | "export";

export type ProofRequest = { 
/**
 * What for.
 */
purpose: ProofFor, 
/**
 * As typed.
 */
password: string, };

export type ProtectRequest = { 
/**
 * See [`Protection`].
 */
protection: Protection, };

export type Protection = { "by": "keychain" } | { "by": "passphrase", 
/**
 * As typed.
 */
passphrase: string, };

export type Provenance = { 
/**
 * A C2PA manifest is inside.
 */
c2pa: boolean, 
/**
 * The vendor that the manifest's claim generator points to: `openai`, `google`, `adobe` …
 */
vendor?: string, 
/**
 * The manifest's claim generator.
 */
claim_generator?: string, 
/**
 * IPTC digital source type, from the manifest or from XMP.
 */
digital_source_type?: string, };

export type Purpose = "account";

export type QueryRequest = { 
/**
 * The search field.
 */
text: string, 
/**
 * Which items.
 */
scope: Scope, 
/**
 * In which order.
 */
sort: Sort, 
/**
 * Only from this program.
 */
generator?: string, 
/**
 * Only from this model.
 */
model?: string, 
/**
 * Only with this tag.
 */
tag?: string, 
/**
 * Only with at least this rating.
 */
min_rating: number, };

export type RawView = { 
/**
 * Where it stood.
 */
place: string, 
/**
 * Its keyword there.
 */
key: string, 
/**
 * Length in bytes.
 */
bytes: number, 
/**
 * The beginning as text.
 */
text: string, };

export type ReceiptView = { 
/**
 * Its number.
 */
id: string, 
/**
 * The day, `YYYY-MM-DD` in UTC.
 */
deleted_day: string, 
/**
 * What outlives the account.
 */
retained: Array<RetainedRow>, 
/**
 * It is signed with the service's key.
 */
genuine: boolean, };

export type Recipe = { 
/**
 * Which program made it: a stable short name such as `comfyui`, `a1111`, `novelai`.
 */
generator?: string, 
/**
 * The program's own version text.
 */
generator_version?: string, 
/**
 * What was asked for.
 */
prompt?: string, 
/**
 * What was to be kept out.
 */
negative_prompt?: string, 
/**
 * Decimal digits (seeds reach 2^64 − 1, which a JSON number loses).
 */
seed?: string, 
/**
 * Sampling steps.
 */
steps?: number, 
/**
 * Classifier-free guidance scale; finite.
 */
cfg?: number, 
/**
 * Sampler, in the generator's own words.
 */
sampler?: string, 
/**
 * Noise schedule, in the generator's own words.
 */
scheduler?: string, 
/**
 * Model, in the generator's own words.
 */
model?: string, 
/**
 * Hash of the model file as the generator shortens it.
 */
model_hash?: string, 
/**
 * Width of generation in pixels; the picture may be larger after upscaling.
 */
width?: number, 
/**
 * Height of generation in pixels.
 */
height?: number, 
/**
 * CLIP layers skipped.
 */
clip_skip?: bigint, 
/**
 * Denoising strength, 0 to 1.
 */
denoise?: number, 
/**
 * VAE file.
 */
vae?: string, 
/**
 * LoRAs applied, in order.
 */
loras: Array<Lora>, 
/**
 * The second pass at a larger size.
 */
hires?: Hires, 
/**
 * Prompts for single characters (NovelAI V4).
 */
character_prompts: Array<CharacterPrompt>, 
/**
 * Every sampling pass, when there was more than one; the fields above are the first.
 */
samplers: Array<Pass>, 
/**
 * Further settings under the file's own names.
 */
extra: { [key in string]: string }, };

export type Recipient = "nobody" | "account_service";

export type RecoveryAnswer = { 
/**
 * Its place.
 */
group: number, 
/**
 * What was typed.
 */
text: string, };

export type RecoverySheet = { 
/**
 * The key, groups joined by dashes.
 */
code: string, 
/**
 * Its groups in order.
 */
groups: Array<string>, 
/**
 * The two groups that are asked back, by their place in `groups`.
 */
ask: [number, number], };

export type Refusal = "empty" | "unreadable" | "vanished" | "unsupported" | "damaged" | "too_large";

export type RefusedFile = { 
/**
 * Its path as the person knows it: shown, never logged.
 */
path: string, 
/**
 * Why: `empty`, `unreadable`, `vanished`, `unsupported`, `damaged`, `too_large`.
 */
reason: Refusal, };

export type ReplaceKeyRequest = { 
/**
 * The passphrase, where one opens the vault.
 */
passphrase: string | null, };

export type ReplacedView = { 
/**
 * The new recovery key.
 */
recovery: RecoverySheet, 
/**
 * The job that writes the catalogue anew.
 */
job: JobId, };

export type Report = { "kind": "plan", 
/**
 * Files that look like pictures.
 */
files: number, 
/**
 * New ones, as far as can be told without decoding.
 */
new: number, 
/**
 * Those that are in the vault or stand there twice.
 */
duplicates: number, 
/**
 * Those whose item lies in the trash and comes out.
 */
restored: number, 
/**
 * Those that can't be taken.
 */
refused: number, 
/**
 * Files of other kinds, left alone.
 */
skipped: number, 
/**
 * Bytes of the new ones.
 */
bytes: number, } | { "kind": "import", 
/**
 * New items.
 */
added: number, 
/**
 * Files whose bytes were there already.
 */
duplicates: number, 
/**
 * Items that came out of the trash because they were brought in once more.
 */
restored: number, 
/**
 * New items without a prompt inside.
 */
without_prompt: number, 
/**
 * Every file that could not be taken, by path.
 */
refused: Array<RefusedFile>, 
/**
 * Files inside folders that are no pictures.
 */
skipped: number, 
/**
 * Files that the import would have come to, had it gone on.
 */
not_reached: number, 
/**
 * Files of which the disk did not say whether they came in. Brought in again, none is stored twice.
 */
undecided: number, 
/**
 * The files behind `not_reached`, `undecided`, `duplicates`, `restored` and `skipped`, by reason and path; of
 * very many only the first.
 */
left: Array<LeftFile>, } | { "kind": "export", 
/**
 * Items in the archive.
 */
items: number, 
/**
 * Items whose picture could not be read: their row is there, their picture is not.
 */
damaged: number, 
/**
 * Length of the archive.
 */
bytes: number, 
/**
 * The archive's own name, without the folder.
 */
file_name: string, } | { "kind": "restore", 
/**
 * New items.
 */
added: number, 
/**
 * Items whose bytes were there already.
 */
duplicates: number, 
/**
 * Rows that can't be read or whose picture is missing or wrong.
 */
damaged: number, 
/**
 * Their ids, as far as the rows tell them; of very many only the first.
 */
damaged_ids: Array<string>, } | { "kind": "verify", 
/**
 * Items that it should hold.
 */
items: number, 
/**
 * Files that are right.
 */
whole: number, 
/**
 * Files that differ.
 */
changed: Array<string>, 
/**
 * Files that are missing.
 */
missing: Array<string>, 
/**
 * Files that do not belong.
 */
extra: Array<string>, } | { "kind": "check", 
/**
 * Items looked at.
 */
items: number, 
/**
 * Numbers of items whose picture does not open or is not what was taken in.
 */
damaged: Array<number>, 
/**
 * Numbers of items whose picture is whole and whose thumbnail does not open.
 */
thumbnails: Array<number>, 
/**
 * Items whose row in the catalogue can't be read.
 */
unreadable: number, 
/**
 * The catalogue is whole.
 */
catalogue_whole: boolean, 
/**
 * The container of the pictures is whole.
 */
images_whole: boolean, 
/**
 * Only the two files were asked; no picture was opened.
 */
quick: boolean, } | { "kind": "renew", } | { "kind": "backup", 
/**
 * Items in it.
 */
items: number, 
/**
 * Items whose sealed bytes were not all in the vault any more.
 */
incomplete: number, 
/**
 * Length of the file.
 */
bytes: number, 
/**
 * The file's own name, without the folder.
 */
file_name: string, } | { "kind": "verify_backup", 
/**
 * Items in it.
 */
items: number, 
/**
 * Items whose sealed bytes were not all there when it was made.
 */
incomplete: number, 
/**
 * Bytes of what it holds.
 */
bytes: number, 
/**
 * RFC 3339: when it was made.
 */
created_at: string, } | { "kind": "restore_backup", 
/**
 * Items in it.
 */
items: number, 
/**
 * Items whose sealed bytes were not all there when the backup was made.
 */
incomplete: number, 
/**
 * What it is chosen by.
 */
vault: string, 
/**
 * Its folder, for the person to see.
 */
folder: string, } | { "kind": "salvage", 
/**
 * Items in the archive.
 */
items: number, 
/**
 * Of these, with their picture.
 */
pictures: number, 
/**
 * What could not be saved.
 */
losses: Array<SalvageLoss>, 
/**
 * Whether the list of all items could be read; otherwise there may have been more.
 */
all_known: boolean, 
/**
 * What is wrong with the container of the pictures as a whole.
 */
images: Code | null, 
/**
 * Length of the archive.
 */
bytes: number, 
/**
 * The archive's own name, without the folder; empty behind a lock.
 */
file_name: string, } | { "kind": "compact", 
/**
 * Bytes given back.
 */
freed: number, 
/**
 * Bytes that the vault takes now.
 */
bytes: number, } | { "kind": "erase", 
/**
 * Items.
 */
erased: number, };

export type RetainedRow = { 
/**
 * `security_log` or `receipt`.
 */
what: "security_log" | "receipt", 
/**
 * The last day of it.
 */
until_day: string, };

export type Right = "access" | "correction" | "erasure" | "restriction" | "portability" | "objection" | "complaint";

export type RightsRow = { 
/**
 * What was asked for.
 */
right: Right, 
/**
 * When.
 */
at: Timestamp, 
/**
 * When an answer is due; `null` for a complaint, which has no such day.
 */
due: Timestamp | null, 
/**
 * It was answered.
 */
answered: boolean, };

export type RightsRowRequest = { 
/**
 * When it was made.
 */
at: Timestamp, };

export type SalvageLoss = { 
/**
 * Its number in the damaged vault.
 */
seq: number, 
/**
 * Its id, where its row can be read.
 */
id: ItemId | null, 
/**
 * What is lost.
 */
part: Lost, };

export type SalvageRequest = { 
/**
 * `null` for a vault that is open.
 */
with: Unlock | null, };

export type Sandbox = "no_page" | "on" | "not_installed" | "refused";

export type Scope = "library" | "favourites" | "trash";

export type Section = { 
/**
 * Year.
 */
year: number, 
/**
 * Month, 1 to 12.
 */
month: number, 
/**
 * Place of its first hit in the result.
 */
start: number, 
/**
 * Number of hits.
 */
count: number, };

export type SeqRequest = { 
/**
 * Its number.
 */
seq: number, };

export type SeqsRequest = { 
/**
 * Their numbers.
 */
seqs: Array<number>, };

export type ServiceInfo = { 
/**
 * Scheme, host and port.
 */
address: string, 
/**
 * It is the hosted one.
 */
hosted: boolean, 
/**
 * How far away it is.
 */
place: ServicePlace, 
/**
 * By which two people can compare whom they speak to; `null` before the first contact.
 */
fingerprint: string | null, 
/**
 * What requests go through, as the computer is set.
 */
proxy: string | null, };

export type ServicePlace = "computer" | "network" | "internet";

export type ServiceRequest = { 
/**
 * Scheme, host and port; `null` for the hosted one.
 */
address: string | null, };

export type Settings = { 
/**
 * Language of the window.
 */
language: Language, 
/**
 * Looks.
 */
theme: Theme, 
/**
 * Layout of the gallery.
 */
layout: Layout, 
/**
 * Height of a row of the gallery in CSS pixels, 80 to 480.
 */
cell: number, 
/**
 * Order of the gallery.
 */
sort: Sort, 
/**
 * The rail shows icons only.
 */
rail_collapsed: boolean, 
/**
 * The inspector is open.
 */
inspector: boolean, 
/**
 * The first-run screens were walked through.
 */
introduced: boolean, 
/**
 * Minutes of idleness after which the vault locks; 0 for never, `None` while nothing was chosen.
 */
lock_after_minutes: number | null, 
/**
 * The vault locks when the computer sleeps or its screen is locked.
 */
lock_with_system: boolean, 
/**
 * The window is left out of screenshots and recordings, where the system can. Windows keeps pictures of the screen
 * by itself, so there it is on until somebody chooses otherwise.
 */
hide_from_capture: boolean, 
/**
 * A check of the vault begins by itself when everything was not read back for a month.
 */
check_monthly: boolean, };

export type SettingsEdit = { 
/**
 * See [`Settings`].
 */
language?: Language, 
/**
 * See [`Settings`].
 */
theme?: Theme, 
/**
 * See [`Settings`].
 */
layout?: Layout, 
/**
 * See [`Settings`].
 */
cell?: number, 
/**
 * See [`Settings`].
 */
sort?: Sort, 
/**
 * See [`Settings`].
 */
rail_collapsed?: boolean, 
/**
 * See [`Settings`].
 */
inspector?: boolean, 
/**
 * See [`Settings`].
 */
introduced?: boolean, 
/**
 * See [`Settings`].
 */
lock_after_minutes?: number, 
/**
 * See [`Settings`].
 */
lock_with_system?: boolean, 
/**
 * See [`Settings`].
 */
hide_from_capture?: boolean, 
/**
 * See [`Settings`].
 */
check_monthly?: boolean, };

export type SignIn = { 
/**
 * The account's address.
 */
email: string, 
/**
 * As typed.
 */
password: string, 
/**
 * The session outlives the program.
 */
keep: boolean, };

export type SlotInfo = { 
/**
 * `os-keyring`, `passphrase` or `recovery`.
 */
kind: "os-keyring" | "passphrase" | "recovery", 
/**
 * When it was made.
 */
created_at: Timestamp, 
/**
 * Only a keychain: the secret store that has the key.
 */
backend: string | null, 
/**
 * Only a recovery key: the person has confirmed that it is written down.
 */
confirmed: boolean | null, };

export type SlotRequest = { 
/**
 * Their kind.
 */
kind: Way, };

export type Sort = "newest" | "oldest" | "added" | "name" | "largest";

export type SpaceView = { 
/**
 * What the vault takes.
 */
used: number, 
/**
 * What compacting would give back.
 */
free: number, };

export type StartedView = { 
/**
 * Its number; `null` when the person closed the dialog.
 */
job: JobId | null, };

export type Status = { 
/**
 * Counts up: of two tellings the one with the higher number is the newer one, whichever came first.
 */
serial: number, 
/**
 * Whether there is a vault and whether it is open.
 */
vault: VaultState, 
/**
 * Why the vault can't be opened, when that is known without a key.
 */
problem: Code | null, 
/**
 * The computer's keychain opens it.
 */
by_keychain: boolean, 
/**
 * A passphrase opens it.
 */
by_passphrase: boolean, 
/**
 * A recovery key opens it.
 */
by_recovery: boolean, 
/**
 * The person has confirmed that the recovery key is written down.
 */
recovery_confirmed: boolean, 
/**
 * Name of the secret store that has the key, or that would get it.
 */
keychain: string | null, 
/**
 * Name of the secret store that answered last.
 */
keychain_here: string | null, 
/**
 * When this run of the program began, ms since 1970.
 */
started_at: Timestamp, 
/**
 * Since when the vault is locked, in this run.
 */
locked_at: Timestamp | null, 
/**
 * The ways into the vault, oldest first.
 */
slots: Array<SlotInfo>, 
/**
 * It is locked, and jobs that were running come to their end behind the lock.
 */
resting: boolean, 
/**
 * Minutes of idleness after which it locks by itself; 0 for never.
 */
lock_after_minutes: number, 
/**
 * Milliseconds to wait before the next passphrase or recovery key is looked at.
 */
wait_ms: number, 
/**
 * Wrong tries: those since the last opening while it is locked, those before this opening while it is open.
 */
failed_attempts: FailedAttempts | null, 
/**
 * The open vault is older than it was when this computer last closed it: a copy was put in its place.
 */
older_copy: boolean, 
/**
 * The file of keys beside the open vault is from before the last change of the ways in: one that was taken away may
 * open the vault again.
 */
older_keys: boolean, 
/**
 * Address under which pictures are served while the vault is open, ending with a slash.
 */
pictures: string | null, 
/**
 * The vault's folder, for the person to see.
 */
folder: string | null, 
/**
 * A program that keeps copying this folder to somebody's servers, which is no good place for a vault.
 */
synced_by: Cloud | null, 
/**
 * When everything in the open vault was last read back.
 */
checked_at: Timestamp | null, 
/**
 * What that check found: everything was whole.
 */
checked_whole: boolean | null, 
/**
 * The open vault was not read back for a month.
 */
check_due: boolean, 
/**
 * How the page that shows the vault is kept apart from the rest of the system.
 */
sandbox: Sandbox, 
/**
 * What opens or protects a vault is typed in a window of its own: requests come without it.
 */
apart: boolean, 
/**
 * Version of the program.
 */
version: string, };

export type StoredKind = { 
/**
 * How many.
 */
count: number, 
/**
 * Bytes of them; 0 where they are within the catalogue.
 */
bytes: number, 
/**
 * When the oldest came.
 */
since: Timestamp | null, };

export type StoredView = { 
/**
 * Pictures with their prompts; bytes of the originals.
 */
pictures: StoredKind, 
/**
 * Those in the trash.
 */
trash: StoredKind, 
/**
 * Lines of the ledger.
 */
ledger: StoredKind, 
/**
 * Bytes of the vault's encrypted files.
 */
vault_bytes: number, 
/**
 * Bytes of the settings file, which is not encrypted.
 */
settings_bytes: number, 
/**
 * Where the account's session is kept.
 */
session: Place | null, };

export type StrengthRequest = { 
/**
 * As typed.
 */
passphrase: string, };

export type Suggestion = { 
/**
 * The folder as an offer.
 */
offer: OfferId, 
/**
 * The program whose folder it is.
 */
program: string, 
/**
 * The folder as a person writes it, from the home folder on.
 */
folder: string, 
/**
 * Pictures inside.
 */
count: number, 
/**
 * There are more than were counted.
 */
more: boolean, };

export type SwitchRequest = { 
/**
 * Its key in the list.
 */
vault: string, };

export type Theme = "system" | "dark" | "light";

export type Timestamp = number;

export type Topic = "status" | "items" | "settings" | "jobs" | "vaults" | "account" | "ledger";

export type Typed = "passphrase" | "recovery" | "new_passphrase" | "password" | "new_password";

export type UndoRequest = { 
/**
 * As pasted.
 */
line: string, };

export type Unlock = { "by": "keychain" } | { "by": "passphrase", 
/**
 * As typed.
 */
passphrase: string, } | { "by": "recovery", 
/**
 * As typed.
 */
code: string, };

export type UnlockRequest = { 
/**
 * See [`Unlock`].
 */
with: Unlock, };

export type VaultEntry = { 
/**
 * What it is chosen by: its folder's name.
 */
key: string, 
/**
 * Its folder, for the person to see.
 */
folder: string, 
/**
 * The short form of its id, for a person to tell vaults without labels apart.
 */
short: string | null, 
/**
 * Its label, where it is known and not hidden.
 */
label: string | null, 
/**
 * When it was made.
 */
created_at: Timestamp | null, 
/**
 * When it was last opened on this computer.
 */
opened_at: Timestamp | null, 
/**
 * It is the one in use.
 */
current: boolean, 
/**
 * Why it can't be opened, when that is known without a key.
 */
problem: Code | null, };

export type VaultState = "none" | "locked" | "open";

export type Vaults = { 
/**
 * In the order in which they were last opened, the newest first.
 */
vaults: Array<VaultEntry>, 
/**
 * Labels are shown only of the vault that is open.
 */
hide_labels: boolean, };

export type Way = "keychain" | "passphrase" | "recovery";

export type WithCode = { 
/**
 * What for.
 */
purpose: CodeFor, 
/**
 * Where it is sent.
 */
email: string, };

/** Every command: its request and its answer. */
export type Commands = {
  status: { request: null; answer: Status };
  settings: { request: null; answer: Settings };
  settings_edit: { request: SettingsEdit; answer: Settings };
  passphrase_strength: { request: StrengthRequest; answer: PassphraseStrength };
  passphrase_suggest: { request: null; answer: PassphraseSuggestion };
  app_quit: { request: null; answer: DoneView };
  failure_copy: { request: FailureRequest; answer: DoneView };
  vault_create: { request: ProtectRequest; answer: RecoverySheet };
  vault_unlock: { request: UnlockRequest; answer: Status };
  vault_lock: { request: null; answer: Status };
  vault_check: { request: null; answer: StartedView };
  vault_check_quick: { request: null; answer: StartedView };
  vault_space: { request: null; answer: SpaceView };
  vault_compact: { request: null; answer: StartedView };
  vault_salvage: { request: SalvageRequest; answer: StartedView };
  vault_destroy: { request: null; answer: Destruction };
  backup_start: { request: null; answer: StartedView };
  backup_verify: { request: null; answer: StartedView };
  backup_restore: { request: null; answer: StartedView };
  vaults: { request: null; answer: Vaults };
  vaults_create: { request: AnotherRequest; answer: RecoverySheet };
  vaults_switch: { request: SwitchRequest; answer: Status };
  vaults_label: { request: LabelRequest; answer: Vaults };
  vaults_hide_labels: { request: HideRequest; answer: Vaults };
  vault_touch: { request: null; answer: DoneView };
  vault_renew: { request: null; answer: StartedView };
  older_copy_accept: { request: null; answer: Status };
  vault_proven: { request: null; answer: DoneView };
  vault_prove: { request: UnlockRequest; answer: DoneView };
  protection_change: { request: ProtectRequest; answer: Status };
  key_replace: { request: ReplaceKeyRequest; answer: ReplacedView };
  slot_remove: { request: SlotRequest; answer: Status };
  recovery_new: { request: null; answer: RecoverySheet };
  recovery_confirm: { request: ConfirmRequest; answer: DoneView };
  recovery_copy: { request: null; answer: DoneView };
  recovery_save: { request: null; answer: DoneView };
  gallery_query: { request: QueryRequest; answer: ListingView };
  gallery_cells: { request: SeqsRequest; answer: Array<CellView> };
  gallery_facets: { request: FacetsRequest; answer: FacetsView };
  item_show: { request: SeqRequest; answer: ItemView };
  items_edit: { request: EditsRequest; answer: Array<ItemEdit> };
  item_copy: { request: CopyRequest; answer: DoneView };
  items_discard: { request: SeqsRequest; answer: MovedView };
  items_restore: { request: SeqsRequest; answer: MovedView };
  items_erase: { request: SeqsRequest; answer: StartedView };
  trash_empty: { request: null; answer: StartedView };
  import_pick: { request: PickRequest; answer: Offer | null };
  import_suggestions: { request: null; answer: Array<Suggestion> };
  import_plan: { request: ImportRequest; answer: StartedView };
  import_start: { request: ImportRequest; answer: StartedView };
  export_start: { request: ExportRequest; answer: StartedView };
  archive_import: { request: null; answer: StartedView };
  archive_verify: { request: null; answer: StartedView };
  account: { request: null; answer: AccountState };
  account_age: { request: AgeAnswer; answer: AccountState };
  account_service: { request: ServiceRequest; answer: AccountState };
  account_meet: { request: null; answer: AccountState };
  account_code: { request: WithCode; answer: AccountState };
  account_verify: { request: CodeRequest; answer: AccountState };
  account_restart: { request: null; answer: AccountState };
  account_password: { request: PasswordRequest; answer: AccountState };
  account_sign_in: { request: SignIn; answer: AccountState };
  account_sign_out: { request: null; answer: AccountState };
  account_prove: { request: ProofRequest; answer: AccountState };
  account_record: { request: null; answer: AccountRecord };
  account_profile: { request: ProfileEdit; answer: AccountRecord };
  account_device_name: { request: DeviceNameRequest; answer: AccountRecord };
  account_device_end: { request: DeviceRequest; answer: AccountRecord };
  account_email_move: { request: null; answer: AccountState };
  account_email_undo: { request: UndoRequest; answer: AccountState };
  account_save: { request: null; answer: DoneView };
  account_delete: { request: null; answer: ReceiptView };
  account_receipt_save: { request: null; answer: DoneView };
  ledger: { request: LedgerRequest; answer: LedgerView };
  ledger_days: { request: LedgerDaysRequest; answer: Array<LedgerDayRow> };
  ledger_clear: { request: LedgerClearRequest; answer: DoneView };
  ledger_keep: { request: LedgerKeepRequest; answer: DoneView };
  ledger_save: { request: null; answer: DoneView };
  stored: { request: null; answer: StoredView };
  processing: { request: null; answer: Array<ProcessingRow> };
  authorities: { request: null; answer: Array<Authority> };
  rights: { request: null; answer: Array<RightsRow> };
  rights_letter: { request: LetterRequest; answer: LetterView };
  rights_copy: { request: LetterRequest; answer: Array<RightsRow> };
  rights_answered: { request: RightsRowRequest; answer: Array<RightsRow> };
  rights_forget: { request: RightsRowRequest; answer: Array<RightsRow> };
  notices: { request: null; answer: Array<Notice> };
  notice_save: { request: NoticeRequest; answer: DoneView };
  jobs: { request: null; answer: Array<Job> };
  job_cancel: { request: JobRequest; answer: DoneView };
  job_dismiss: { request: JobRequest; answer: DoneView };
};

/** What each command needs, reads and changes. */
export const COMMANDS = {
  status: { open: false, reads: ["status"], changes: [] },
  settings: { open: false, reads: ["settings"], changes: [] },
  settings_edit: { open: false, reads: [], changes: ["settings"] },
  passphrase_strength: { open: false, reads: [], changes: [] },
  passphrase_suggest: { open: false, reads: [], changes: [] },
  app_quit: { open: false, reads: [], changes: [] },
  failure_copy: { open: false, reads: [], changes: [] },
  vault_create: { open: false, reads: [], changes: ["status","items"] },
  vault_unlock: { open: false, reads: [], changes: ["status","items"] },
  vault_lock: { open: false, reads: [], changes: ["status","items","jobs"] },
  vault_check: { open: true, reads: [], changes: ["jobs"] },
  vault_check_quick: { open: true, reads: [], changes: ["jobs"] },
  vault_space: { open: true, reads: ["items"], changes: [] },
  vault_compact: { open: true, reads: [], changes: ["jobs"] },
  vault_salvage: { open: false, reads: [], changes: ["jobs"] },
  vault_destroy: { open: false, reads: [], changes: ["status","items","jobs","vaults"] },
  backup_start: { open: true, reads: [], changes: ["jobs"] },
  backup_verify: { open: false, reads: [], changes: ["jobs"] },
  backup_restore: { open: false, reads: [], changes: ["jobs","vaults"] },
  vaults: { open: false, reads: ["vaults"], changes: [] },
  vaults_create: { open: false, reads: [], changes: ["status","items","vaults"] },
  vaults_switch: { open: false, reads: [], changes: ["status","items","jobs","vaults"] },
  vaults_label: { open: true, reads: [], changes: ["vaults"] },
  vaults_hide_labels: { open: false, reads: [], changes: ["vaults"] },
  vault_touch: { open: true, reads: [], changes: [] },
  vault_renew: { open: true, reads: [], changes: ["jobs"] },
  older_copy_accept: { open: true, reads: [], changes: ["status"] },
  vault_proven: { open: true, reads: [], changes: [] },
  vault_prove: { open: true, reads: [], changes: ["status"] },
  protection_change: { open: true, reads: [], changes: ["status"] },
  key_replace: { open: true, reads: [], changes: ["status","jobs"] },
  slot_remove: { open: true, reads: [], changes: ["status"] },
  recovery_new: { open: true, reads: [], changes: ["status"] },
  recovery_confirm: { open: true, reads: [], changes: ["status"] },
  recovery_copy: { open: true, reads: [], changes: [] },
  recovery_save: { open: true, reads: [], changes: [] },
  gallery_query: { open: true, reads: ["items"], changes: [] },
  gallery_cells: { open: true, reads: ["items"], changes: [] },
  gallery_facets: { open: true, reads: ["items"], changes: [] },
  item_show: { open: true, reads: ["items"], changes: [] },
  items_edit: { open: true, reads: [], changes: ["items"] },
  item_copy: { open: true, reads: [], changes: [] },
  items_discard: { open: true, reads: [], changes: ["items"] },
  items_restore: { open: true, reads: [], changes: ["items"] },
  items_erase: { open: true, reads: [], changes: ["items","jobs"] },
  trash_empty: { open: true, reads: [], changes: ["items","jobs"] },
  import_pick: { open: true, reads: [], changes: [] },
  import_suggestions: { open: true, reads: [], changes: [] },
  import_plan: { open: true, reads: [], changes: ["jobs"] },
  import_start: { open: true, reads: [], changes: ["items","jobs"] },
  export_start: { open: true, reads: [], changes: ["jobs"] },
  archive_import: { open: true, reads: [], changes: ["items","jobs"] },
  archive_verify: { open: false, reads: [], changes: ["jobs"] },
  account: { open: true, reads: ["account"], changes: [] },
  account_age: { open: true, reads: [], changes: ["account"] },
  account_service: { open: true, reads: [], changes: ["account","ledger"] },
  account_meet: { open: true, reads: [], changes: ["account","ledger"] },
  account_code: { open: true, reads: [], changes: ["account","ledger"] },
  account_verify: { open: true, reads: [], changes: ["account","ledger"] },
  account_restart: { open: true, reads: [], changes: ["account"] },
  account_password: { open: true, reads: [], changes: ["account","ledger"] },
  account_sign_in: { open: true, reads: [], changes: ["account","ledger"] },
  account_sign_out: { open: true, reads: [], changes: ["account","ledger"] },
  account_prove: { open: true, reads: [], changes: ["account","ledger"] },
  account_record: { open: true, reads: [], changes: ["ledger"] },
  account_profile: { open: true, reads: [], changes: ["ledger"] },
  account_device_name: { open: true, reads: [], changes: ["ledger"] },
  account_device_end: { open: true, reads: [], changes: ["ledger"] },
  account_email_move: { open: true, reads: [], changes: ["account","ledger"] },
  account_email_undo: { open: true, reads: [], changes: ["account","ledger"] },
  account_save: { open: true, reads: [], changes: ["account","ledger"] },
  account_delete: { open: true, reads: [], changes: ["account","ledger"] },
  account_receipt_save: { open: true, reads: [], changes: [] },
  ledger: { open: true, reads: ["ledger"], changes: [] },
  ledger_days: { open: true, reads: ["ledger"], changes: [] },
  ledger_clear: { open: true, reads: [], changes: ["ledger"] },
  ledger_keep: { open: true, reads: [], changes: ["ledger"] },
  ledger_save: { open: true, reads: [], changes: [] },
  stored: { open: true, reads: ["items","ledger","account","settings"], changes: [] },
  processing: { open: false, reads: [], changes: [] },
  authorities: { open: false, reads: [], changes: [] },
  rights: { open: true, reads: [], changes: [] },
  rights_letter: { open: true, reads: [], changes: [] },
  rights_copy: { open: true, reads: [], changes: [] },
  rights_answered: { open: true, reads: [], changes: [] },
  rights_forget: { open: true, reads: [], changes: [] },
  notices: { open: false, reads: [], changes: [] },
  notice_save: { open: false, reads: [], changes: [] },
  jobs: { open: false, reads: ["jobs"], changes: [] },
  job_cancel: { open: false, reads: [], changes: ["jobs"] },
  job_dismiss: { open: false, reads: [], changes: ["jobs"] },
} as const;
