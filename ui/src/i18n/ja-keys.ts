import type { Messages } from './en.ts';

const STORES: Record<string, string> = {
  'gnome-keyring': 'GNOME Keyring',
  kwallet: 'KWallet',
  keepassxc: 'KeePassXC',
  'secret-service': 'Secret Service',
  windows: 'Windows 資格情報マネージャー',
  macos: 'macOS のキーチェーン',
};

/** Between Latin letters and Japanese ones there is a space. */
const spaced = (name: string): string => (/[ -~]$/.test(name) ? `${name} ` : name);

export const keys: Messages['keys'] = {
  store: (name) => STORES[name] ?? name,
  lock: {
    resting: '何も読めません。進行中の作業が終わるのを待っています。',
    wait: (seconds) => `${seconds}秒後にもう一度`,
    waitTold: (seconds) => `間違いが続きました。${seconds}秒後に次の入力を受け付けます。`,
    waitOver: 'もう一度お試しください。',
    usePassphrase: 'パスフレーズを使う',
    useKeychain: 'キーチェーンを使う',
    protects: '守れるものと守れないもの',
    trouble: {
      keychain_unavailable: {
        what: () => 'キーチェーンが応答しません',
        next: (store) => `鍵は ${spaced(store)}にあります。それを起動するか、それのあるデスクトップにサインインして、もう一度お試しください。`,
      },
      keychain_locked: {
        what: () => 'キーチェーンがロックされたままです',
        next: (store) => `鍵は ${spaced(store)}に残っています。もう一度試し、たずねられたらロックを解除してください。`,
      },
      keychain_missing: {
        what: () => '鍵が見つかりません',
        next: (store) =>
          `${spaced(store)}は応答しましたが、この保管庫の鍵はもう入っていません。回復キーで開けば、新しい鍵をここに入れられます。画像は無事です。`,
      },
      keychain_elsewhere: {
        what: () => '鍵はこのキーチェーンにありません',
        next: (store, here) =>
          `この保管庫は ${spaced(store)}で守られていましたが、いま応答しているのは ${spaced(here)}です。そのとき使っていたデスクトップにサインインするか、回復キーで開いてください。画像は無事です。`,
      },
      keychain_garbage: {
        what: () => 'キーチェーンにあるのは、この保管庫の鍵ではありません',
        next: (store) => `${spaced(store)}に、この保管庫の名前で別のものが入っています。画像は無事です。回復キーで開けます。`,
      },
      keychain_unanswered: {
        what: () => 'キーチェーンの確認に応答がありませんでした',
        next: (store) => `${spaced(store)}のウインドウを探して答え、もう一度お試しください。`,
      },
    },
    elsewise: '回復キーでも開けます。',
  },
  notices: {
    label: 'お知らせ',
    attempts: (n, since) => `${since} から、誤った入力が ${n}回ありました。`,
    attemptsText: '心当たりがなければ、パスフレーズを変えてください。',
    attemptsAct: '開け方を見る',
    older: 'この保管庫は古い控えです。',
    olderText:
      'このコンピュータがここで最後に閉じたのは、これより新しいものか、別の控えでした。バックアップが戻されたのかもしれません。その後に取り込んだものはなく、その後に削除したものが残っていることがあります。',
    olderAct: 'この控えで続ける',
    olderDone: 'これからは、この控えが保管庫です',
    olderKeys: 'この保管庫の鍵のファイルは、古いものです。',
    olderKeysText:
      '以前の vault.keys が戻されています。その後に取り替えたパスフレーズや回復キーで、また開くかもしれません。開け方を確かめ、心当たりがなければ保管庫の鍵を取り替えてください。',
    olderKeysAct: 'この開け方で正しい',
    keychain: 'キーチェーンではもう開きません。',
    keychainText: '回復キーで開きました。新しい開け方を用意してください。',
    keychainAct: 'キーチェーンに新しい鍵を置く',
    passphrase: '回復キーで開きました。',
    passphraseText: 'パスフレーズを忘れたときは、いま新しいものを決めてください。',
    toPassphrase: 'パスフレーズを決める',
  },
  ways: {
    title: '保管庫の開け方',
    text: 'どれか1つで開きます。ほかのだれも持たず、だれにも再設定できません。',
    names: {
      'os-keyring': 'このコンピュータのキーチェーン',
      passphrase: 'パスフレーズ',
      recovery: '回復キー',
    },
    since: (date) => `${date}から`,
    kept: (store, date) => `${spaced(store)}に保存・${date}から`,
    confirmed: (date) => `${date}から・確認済み`,
    unconfirmed: (date) => `${date}から・確認がまだです`,
    toPassphrase: 'パスフレーズに切り替える',
    toKeychain: 'キーチェーンに切り替える',
    newPassphrase: 'パスフレーズを変える',
    newRecovery: '新しい回復キー',
    addPassphrase: 'パスフレーズを決める',
    addKeychain: 'キーチェーンを使う',
    none: '回復キーでしか開きません',
    noneText: 'ふだんはパスフレーズかキーチェーンで開き、回復キーは万一のために取っておいてください。',
    noRecovery: '回復キーがありません',
    noRecoveryText: '上の開け方を失うと、保管庫は開けなくなります。',
    makeRecovery: '作る',
    removed: 'この方法では、もう開きません',
  },
  prove: {
    title: 'もう一度、本人の確認',
    text: 'これから、保管庫を開ける手段を変えます。開いたままの画面の前に座っただけの人には、できないようにしています。',
    act: '続ける',
  },
  remove: {
    titles: {
      'os-keyring': 'キーチェーンの鍵を取り除く',
      passphrase: 'パスフレーズを取り除く',
      recovery: '回復キーを取り除く',
    },
    texts: {
      'os-keyring': 'キーチェーンでは開かなくなり、そこに置いた鍵は削除されます。',
      passphrase: 'パスフレーズでは開かなくなります。',
      recovery: '書き留めたり印刷したりした回復キーでは開かなくなります。ほかの開け方を失うと、保管庫は開けなくなります。',
    },
    unconfirmed: '残るのは回復キーだけですが、書き留めたことの確認がまだです。',
    older: '古い控えとバックアップ。これまでどおり開きます。',
    act: '取り除く',
  },
  locking: {
    title: 'ロック',
    text: 'ロックした保管庫は、もう一度開くまで何も見せず、何にも応じません。',
    after: '自動でロックするまで',
    afterText: '最後の操作から数えます。進行中の作業は終わらせてからロックします。',
    unchosen: '初期設定は、最後の操作から10分です。進行中の作業は終わらせてからロックします。',
    unchosenNever: '初期設定では、自動ではロックしません。キーチェーンなら、たずねずにまた開くためです。',
    minutes: (n) => (n === 0 ? 'しない' : n === 60 ? '1時間' : `${n}分`),
    withSystem: 'スリープや画面のロックに合わせてロックする',
    withSystemText: '画面のロックでは、進行中の作業を終わらせてからロックします。スリープでは、作業を止めてロックします。',
    capture: '画面の撮影や録画にウインドウを写さない',
    captureText: '画面を読み上げるプログラムにも見えなくなることがあります。',
    now: '今すぐロック',
    nowText: '進行中の作業は、きりのよいところで止まります。',
  },
  renewal: {
    title: '保管庫の鍵',
    text: 'めったに必要になりません。画像はそのままです。',
    renew: '鍵を更新する',
    renewText:
      '目録を新しい鍵で書き直します。古い鍵ファイルの控えでは何も開けなくなり、削除したものを古いページから読むこともできなくなります。完全に削除したあとは自動で行います。',
    renewAct: '更新',
    replace: '保管庫の鍵を取り替える',
    replaceText:
      '回復キーや保管庫の控えが、他人の手に渡ったかもしれないときに。パスフレーズも知られたかもしれなければ、先にそれを変えてください。',
    replaceAct: '取り替える',
    protects: '守れるものと守れないもの',
    protectsText: 'だれから守れて、だれからは守れないか。保管庫の外に何があるか。',
    protectsAct: '読む',
  },
  replace: {
    title: '保管庫の鍵を取り替える',
    text: '保管庫に新しい鍵を作り、目録をその鍵で書き直します。パスフレーズを知られたかもしれないときは、先にそれを変えてください。',
    stays: 'そのまま：',
    staysWhat: '画像と、パスフレーズまたはキーチェーン。',
    goes: '使えなくなるもの：',
    goesWhat: '今の回復キー。続けて新しいものを表示します。書き留める用意をしてください。',
    reach: '届かないもの：',
    reachWhat: '古い控えとバックアップ。それぞれ、そのときの鍵で開きます。',
    field: '今のパスフレーズ',
    act: '鍵を取り替える',
    after: 'パスフレーズで保護・古い控えは、まだキーチェーンの鍵で開きます',
  },
  suggest: {
    act: '候補を作る',
    again: '別の候補',
    label: '候補',
    text: '無作為に選んだ6つの言葉です。書き留めてから、もう一度入力してください。',
  },
  entry: {
    titles: {
      passphrase: 'パスフレーズを入力',
      recovery: '回復キーを入力',
      new_passphrase: 'パスフレーズを決める',
      password: 'アカウントのパスワードを入力',
      new_password: 'アカウントのパスワードを決める',
    },
    text: '入力のためだけのウインドウです。終わると閉じて、入力した内容も残りません。',
    comes: 'パスフレーズや回復キーは、専用のウインドウに入力します。',
    passwordComes: 'パスワードは、専用のウインドウに入力します。',
    elsewhere: 'もう1つのウインドウで続けてください。',
  },
  typing: '日本語を入力するときは、目のボタンで文字を表示してください。',
};
