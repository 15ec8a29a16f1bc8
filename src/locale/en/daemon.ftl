### Texts of the room `daemon`. Ids and arguments are the same in both languages.

## Starting and stopping

daemon-already-runs = A daemon already serves “{ $site }” (process { $pid }). Connect with carbonwatch watch; to restart it, run carbonwatch stop first.
daemon-cannot-lock = Cannot lock { $path }: { $error }. Check the permissions of the site's directory and the free space.
daemon-socket-answered = A daemon answers on { $path }. Stop it first.
daemon-not-a-socket = { $path } is not a socket and will not be removed. Move the file away, then start again.
daemon-cannot-listen = Cannot make the socket { $path }: { $error }
daemon-stopped = stopped as asked
daemon-stopped-by-signal = the system asked it to stop
daemon-stopping = The daemon is stopping; the request was not carried out.
daemon-writer-ended = the writer ended unexpectedly; see the log
daemon-starting = No daemon serves “{ $site }”; starting one…
daemon-not-yours = No daemon serves “{ $site }”, and only { $owner }, who owns the directory, can start it. Ask { $owner } to run: carbonwatch serve { $site }
daemon-start-failed = The daemon did not start: { $said }
daemon-start-slow = The daemon was started but does not answer after { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}. See the log in { $log }.
daemon-cannot-start = Cannot start the daemon: { $error }
daemon-no-log = Cannot write the log in { $path }: { $error }. Check permissions and free space.

## Connections and rights

daemon-too-many-clients = There are too many connections. Close terminals that are not needed, then try again.
daemon-too-many-of-user = Your user already has { $most } connections, which is the most. Close terminals or programs that are not needed, then try again.
daemon-no-post = User { $user } has no post at this site. Ask { $owner } to give your user or group a role under posts in site.toml.
daemon-no-hello = There was no greeting in time; the connection is closed.
daemon-not-carbonwatch = What came is not a message of carbonwatch; the connection is closed.
daemon-other-version = The protocol versions differ: { $program } speaks { $theirs }, the daemon speaks { $ours }. Use the same version of the program, or restart the daemon.
daemon-no-right = User { $user } may not { $right }. If you need to, ask { $owner } to change the roles of your post.
daemon-no-right-person = Whoever has staff number { $staff_number } may not { $right }. If you need to, ask { $owner } for a role that may.
daemon-sign-on-first = Several people share this login: to { $right }, sign on first (S in the terminal, --staff NUMBER on the command line).
sign-on-own-login = This login is the own one of staff number { $person }: nobody else signs on here.
sign-on-wrong = Staff number or PIN is wrong.
sign-on-no-pin = This person has no PIN yet. An administrator sets the first one (carbonwatch pin SITE NUMBER --reset).
sign-on-wait = Too many wrong tries; the next one in { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}.
sign-on-failed = The PIN cannot be worked with: { $error }. Ask whoever runs the daemon; its log says more.
sign-on-not-kept = The PIN cannot be kept: the staff number is too long, or too many people have a PIN here.
pin-same = The new PIN is the old one. Think of another.
pin-of-another = Only whose PIN it is types the old one: sign off first.
daemon-changed-meanwhile = The model changed while this was waiting, and with it who may do it. Look again, and sign on again if need be.
pin-nobody = No person has the staff number { $staff_number } in the model in force. Add [[person]] to site.toml and apply it first.
pin-needs-old = Type the old PIN too. Who has none yet, or forgot it, gets one from an administrator (carbonwatch pin SITE NUMBER --reset).
daemon-right-read = look at this
daemon-right-answer = answer alarms
daemon-right-hand-over = sign handovers
daemon-right-approve = approve versions of the plan
daemon-right-close = close months
daemon-origin-of-machines = Nobody brings readings in as “{ $origin }”: that is what the daemon itself reads of machines. Bring them as a file, or as typed values.
daemon-right-enter = enter readings
daemon-right-note = write notes
daemon-right-correct = correct readings
daemon-right-model = change the model or adopt rules
daemon-right-administer = administer the daemon
daemon-answer-too-large = The result is too large ({ $bytes ->
    [one] one byte
   *[other] { $bytes } bytes
}). Ask for a shorter period or fewer rows.

## Recording and reading
daemon-disk-full = The disk is nearly full: { $free } MiB free, { $needed } MiB needed. What is there can be looked at; it goes on by itself once there is room.
daemon-checkpoints-fail = What was recorded cannot be brought into the state database, and no more fits into memory. Look into the log for what is wrong with the disk; it goes on by itself once checkpoints can be written.
daemon-write-full = There is no room on the disk: the request was not recorded and nothing changed. It goes on by itself once there is room.
daemon-record-too-large = What this request would write is too large: { $bytes ->
    [one] one byte
   *[other] { $bytes } bytes
}, and the most is { $most }. Nothing was recorded. Ask for it in several parts.
daemon-cannot-record = The request was not recorded and nothing changed: { $error }. The daemon is recovering; try again.
daemon-cannot-read = The past cannot be read: { $error }. Look into the log; if need be stop the daemon and restore a backup.
daemon-question-too-long = The question took too long while data kept coming in, and was given up. Ask for a shorter period or a coarser step, or at a quieter time.
daemon-ledger-too-large = The table would have { $figures } figures; the most is { $most }. Ask for a shorter period, a coarser step, or one node.
daemon-no-model = The site has no model in force yet. Check its site.toml.
daemon-no-rules = The site has no rules in force yet. Run carbonwatch adopt.
daemon-no-record = The journal has no record { $sequence }.
daemon-reason-missing = Say why: corrections, withdrawals and meter changes need a reason.
daemon-no-thread = The system has no thread to spare: { $error }. Try again later.
daemon-not-a-write = This request writes nothing. The two programs may be of different versions.
daemon-not-a-read = This request asks for nothing. The two programs may be of different versions.
daemon-not-a-site = “{ $site }” is not a site's directory: it has no site.toml. Check the path, or make a new site with carbonwatch init.

## Model and rules
daemon-site-file-unreadable = Cannot read { $path }: { $error }
daemon-site-file-bad = { $count ->
    [one] The model's file has a problem
   *[other] The model's file has { $count } problems
}; nothing was changed. { $list }
daemon-problems-and = { $problem } { $rest }
daemon-problems-more = And { $more } more: carbonwatch check tells all.
daemon-problems-none = Nothing more is known.
daemon-plan-outdated = What was planned has changed since; nothing was done. Look at carbonwatch plan again, then repeat.
daemon-rules-same = This program's rules are those in force.
daemon-rules-new = This program's rules would be adopted (digest { $digest }).
daemon-change-added = New { $sort } { $key }
daemon-change-removed = Removed { $sort } { $key }
daemon-change-renamed = { $sort } { $from } is now called { $key }
daemon-change-field = { $sort } { $key }: { $field } was { $old }, becomes { $new }

## Clock
daemon-clock-held = The system's clock jumped by about { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}, and the site does not follow it. It ends by itself when the clock is right again; if the jump is right, an administrator must confirm it: carbonwatch clock SITE --confirm
daemon-clock-implausible = The time lies outside 2000 to 2100.
daemon-clock-nothing-held = There is no jump of the clock to confirm.
daemon-clock-real = This is a real site: its time is the system's and cannot be set.
daemon-clock-simulated = This site is simulated: its time comes with its data, and there is nothing to confirm.

## Sources of data
daemon-mapping-unreadable = Cannot read the mapping { $path }: { $error }
daemon-mapping-bad = The mapping has mistakes; check it.

## Journal records
daemon-record-title = Journal record { $sequence } ({ $kind })
daemon-record-at = Written at { $at }.
daemon-record-user = User
daemon-record-roles = Roles at that time
daemon-record-hash = Digest of the chain
daemon-record-unknown = A record that this version does not know (kind { $kind }, version { $version }): { $error }

## Verification
daemon-not-a-digest = A digest is 64 hexadecimal digits.
daemon-chain-broken = The chain is broken: { $place }
daemon-digest-not-in-chain = The digest does not stand in the chain: the journal was rewritten, or the digest is of another site.
daemon-row-damaged = Row { $key } in { $tree } is damaged: { $damage }
daemon-rows-damaged-more = { $more ->
    [one] One more row is
   *[other] { $more } more rows are
} damaged.
daemon-state-unreadable = The state cannot be read: { $error }. The daemon makes it anew from the journal.
daemon-rows-missing = Rows in { $tree } are missing, or were never written.

## Recovery at the start
daemon-recovered-tail = The journal ended with { $bytes ->
    [one] one byte that was
   *[other] { $bytes } bytes that were
} cut off and never acknowledged; they are kept in { $kept }.
daemon-state-from-export = filled from the export { $export } and the journal
daemon-state-from-journal = rebuilt from the journal
daemon-state-absent = There was no state; it was { $from }.
daemon-state-set-aside = The state could not be used ({ $reason }); it is kept in { $kept } and was { $from }.
daemon-backup-not-absolute = The directory { $path } of a backup must be an absolute path.
daemon-record-dropped = Record { $sequence } cannot be taken back: it lies in a sealed month, and its readings are no longer in the journal
daemon-check-dropped = What record { $sequence } says cannot be checked any more: its month is sealed, and its readings are no longer in the journal
daemon-seal-not-verified = This seal names no export that was verified for just these months since the daemon started, or another was made since. Run “carbonwatch seal” again
daemon-seal-dropped = Nothing was sealed: files lie in the drop folders that were not dealt with yet ({ $folders }), and what they bring for a sealed month would be refused for ever. Wait until they are taken (carbonwatch status --feeds tells what stands in their way), or move away what is not to be taken, then seal again
daemon-sealed-export-bad = the export of the sealed months is missing or damaged: { $error }. Copy the one that was kept in the second place, whose name ends with -{ $number }.cwx, back into { $directory }; it may keep its name
daemon-dropped-without-seal = record { $sequence } has no payload, and no seal covers it
daemon-not-yet-written = Record { $sequence } is not in the state on disk yet. Ask again in a minute
daemon-nothing-known = Nothing was recorded by { $at } yet
daemon-personal-not-kept = It is too long, or too many people have some.
daemon-personal-failed = The disk did not take it: { $error }
daemon-record-person = Person
daemon-record-from = From
daemon-record-file-digest = Digest of the file
daemon-drafts-too-many = Too many pages have something that was typed or attached and not sent. Send or empty some first.
daemon-drafts-failed = What was typed or attached could not be kept: { $error }
sheet-unknown = There is no sheet “{ $key }”
sheet-page-unfit = Sheet “{ $key }” has no page { $page }
sheet-cell-changed = { $tag } { $at }: { $by } has typed { $theirs } there meanwhile. Nothing was sent: look at the page again.
sheet-cell-gone = { $tag } { $at }: { $theirs }, which { $by } had typed there, was taken back or sent meanwhile. Nothing was sent: look at the page again.
sheet-no-cell = The sheet has no such cell: the plant's model has changed. Open the sheet again.
