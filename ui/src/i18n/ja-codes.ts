import type { Code } from '../api/bindings.ts';
import type { CodeText } from './en-codes.ts';

export const codes: Record<Code, CodeText> = {
  locked: { what: '保管庫はロックされています', next: 'ロックを解除してから、もう一度お試しください。' },
  no_vault: {
    what: 'ここに保管庫がありません',
    next: '移動された可能性があります。フォルダを元に戻すか、新しい保管庫を作ってください。',
  },
  vault_exists: { what: '保管庫はすでにあります', next: 'そのまま残してあります。ロックを解除してください。' },
  vault_in_use: {
    what: '保管庫はほかで開かれています',
    next: '別のウインドウかコマンドラインが使っています。そちらを閉じてから、もう一度お試しください。',
  },
  vault_newer: {
    what: '新しいバージョンで作られた保管庫です',
    next: '何も変更していません。新しいバージョンの Z-Image で開いてください。',
  },
  header_damaged: {
    what: '保管庫の鍵を読めません',
    next: 'ファイルは変更していません。保管庫フォルダのバックアップから vault.keys を戻してください。',
  },
  header_missing: {
    what: '保管庫の鍵がありません',
    next: '画像は封をしたまま残っています。バックアップから vault.keys を戻してください。',
  },
  header_tampered: {
    what: '保管庫の鍵が書き換えられています',
    next: '保管庫は開いていません。信頼できるバックアップから vault.keys を戻してください。',
  },
  catalogue_damaged: {
    what: '目録を読めません',
    next: 'ファイルは変更していません。バックアップから catalogue.db を戻してください。',
  },
  catalogue_missing: {
    what: '目録がありません',
    next: 'ファイルは変更していません。バックアップから catalogue.db を戻してください。',
  },
  catalogue_foreign: {
    what: '目録は別の保管庫のものです',
    next: 'ファイルは変更していません。この保管庫の catalogue.db を戻してください。',
  },
  images_damaged: {
    what: '画像のファイルを読めません',
    next: 'ファイルは変更していません。保管庫フォルダのバックアップから戻してください。',
  },
  images_missing: {
    what: '画像のファイルがありません',
    next: 'ファイルは変更していません。保管庫フォルダのバックアップから戻してください。',
  },
  images_foreign: {
    what: '画像のファイルは別の保管庫のものです',
    next: 'ファイルは変更していません。この保管庫のファイルを戻してください。',
  },
  cipher_missing: {
    what: 'このプログラムは暗号化できません',
    next: '何も書き込んでいません。入手元から Z-Image を入れ直してください。',
  },
  wrong_secret: { what: 'これでは保管庫が開きません', next: '綴りとキーボードを確かめて、もう一度お試しください。' },
  too_many_attempts: {
    what: '間違いが続いたため、今は受け付けていません',
    next: '少し待ってから、もう一度お試しください。',
  },
  recovery_malformed: {
    what: '回復キーの形ではありません',
    next: 'ZV1 で始まり、4文字ずつの組が続きます。',
  },
  recovery_mistyped: { what: '回復キーに打ち間違いがあります', next: '控えと1組ずつ見比べてください。' },
  recovery_other_vault: {
    what: '別の保管庫の回復キーです',
    next: '2つ目の組がこの保管庫のものになっている控えを探してください。',
  },
  no_such_slot: { what: 'この方法では開きません', next: 'ほかの方法で開いてください。' },
  last_slot: { what: '最後に残った開け方です', next: 'そのまま残してあります。先に別の開け方を加えてください。' },
  passphrase_weak: {
    what: 'パスフレーズが推測されやすいです',
    next: '15文字以上にしてください。関係のない言葉をいくつか並べるのがいちばんです。',
  },
  keychain_unavailable: {
    what: 'このコンピュータのキーチェーンが応答しません',
    next: 'パスフレーズか回復キーを使ってください。',
  },
  keychain_locked: {
    what: 'キーチェーンがロックされたままです',
    next: '鍵は残っています。キーチェーンを開いてもう一度試すか、回復キーを使ってください。',
  },
  keychain_missing: {
    what: 'キーチェーンにこの保管庫の鍵がありません',
    next: '画像は無事です。回復キーで開いてから、設定でキーチェーンを選び直してください。',
  },
  keychain_garbage: {
    what: 'キーチェーンに、この保管庫の名前で別のものが入っています',
    next: '画像は無事です。回復キーで開いてから、設定でキーチェーンを選び直してください。',
  },
  keychain_unanswered: {
    what: 'キーチェーンの確認に応答がありませんでした',
    next: '確認のウインドウを探してもう一度試すか、回復キーを使ってください。',
  },
  no_such_item: { what: 'その画像はもう保管庫にありません', next: 'ほかには何もしていません。' },
  picture_damaged: {
    what: 'この画像は壊れています',
    next: 'プロンプトは残っています。設定で保管庫を検査し、元の画像があれば取り込み直してください。',
  },
  disk_full: { what: 'ディスクに空きがありません', next: '済んだ分は残っています。空きを作って、もう一度お試しください。' },
  read_only: { what: 'この場所には書き込めません', next: '何も変更していません。別の場所を選んでください。' },
  not_permitted: { what: 'システムに許可されませんでした', next: '何も変更していません。フォルダの権限を確かめてください。' },
  disk_failed: {
    what: 'ディスクかドライブが応答しなくなりました',
    next: '済んだ分は残っています。つなぎ直して、もう一度お試しください。',
  },
  target_exists: { what: '同じ名前のファイルがあります', next: 'そのまま残してあります。別の名前にしてください。' },
  file_too_large: {
    what: 'このディスクは、この大きさのファイルを置けません',
    next: '何も変更していません。別の形式のディスクを選んでください。',
  },
  target_busy: { what: '別の書き出しがこのファイルに書き込み中です', next: '終わるのを待つか、別の名前にしてください。' },
  target_inside_vault: { what: 'そこは保管庫のフォルダの中です', next: '何も変更していません。別の場所を選んでください。' },
  nothing: { what: 'することがありません', next: '何も変更していません。' },
  archive_damaged: { what: 'アーカイブが壊れているか、途中で切れています', next: '読めた分は残っています。別の控えを使ってください。' },
  archive_not_ours: { what: 'Z-Image のアーカイブではありません', next: '何も取り込んでいません。' },
  archive_newer: { what: '新しいバージョンで作られたアーカイブです', next: '何も取り込んでいません。新しいバージョンを使ってください。' },
  archive_unsafe: { what: '害を与えるように作られたアーカイブです', next: '何も取り込んでいません。使わないでください。' },
  backup_damaged: { what: 'バックアップが壊れているか、途中で切れています', next: '何も変更していません。別のバックアップを使ってください。' },
  backup_not_ours: { what: 'Z-Image のバックアップではありません', next: '何も変更していません。別のファイルを選んでください。' },
  backup_newer: { what: '新しいバージョンで作られたバックアップです', next: '何も変更していません。新しいバージョンを使ってください。' },
  no_such_vault: { what: 'その保管庫が元の場所にありません', next: '何も変更していません。フォルダを戻すか、別の保管庫を選んでください。' },
  no_such_offer: { what: 'このファイルはもう分かりません', next: 'もう一度選んでください。' },
  no_such_job: { what: 'その作業は終わっています', next: '何も変更していません。' },
  bad_request: { what: '指示を理解できませんでした', next: '何も変更していません。お知らせください。' },
  no_such_command: { what: 'このバージョンではできません', next: '何も変更していません。' },
  clipboard_unavailable: { what: 'クリップボードを使えません', next: '文字を選んで、手でコピーしてください。' },
  settings_not_saved: { what: '設定を書き込めません', next: 'ウインドウを閉じるまでは有効です。ディスクの空きを確かめてください。' },
  cancelled: { what: '中止しました', next: 'それまでに済んだ分は残っています。' },
  internal: { what: '内部で問題が起きました', next: '保存したものは残っています。もう一度試し、続くようなら Z-Image を再起動してください。' },
};
