### Texts of the room `store`. Ids and arguments are the same in both languages.
store-locked = The site is in use by process { $process } ({ $path }). Only one daemon may run per site: stop that one, or use it.
store-disk-full = No room left on the disk of { $path }. Nothing was acknowledged that is not on disk. Free some space; carbonwatch carries on by itself.
store-file = Cannot { $operation } { $path }: { $reason }
store-damage-segment = the file's header is damaged
store-damage-frame = the header of a commit is damaged
store-damage-cut-short = a commit is cut short
store-damage-checksum = a checksum is wrong
store-damage-packed = packed data cannot be unpacked
store-damage-gap = record numbers are missing
store-damage-chain = the chain is broken: something was changed after it was written
store-place = { $path }, byte { $offset }, record { $record }: { $damage }
store-journal-damaged = The journal is damaged at { $place }. Nothing was changed. Keep the files as they are and restore from a backup.
store-journal-lost = The journal lost records that were written, up to record { $known }: { $place }. Nothing was changed. Keep the files as they are and restore from a backup.
store-journal-stopped = The journal takes no records after a failed write: { $reason }
store-journal-foreign = { $path } belongs to another site ({ $found }; this one is { $expected }). Move it out of the journal.
store-journal-later-epoch = { $path } is from a restored copy of this site (epoch { $found }; this one is in epoch { $expected }). Move it out of the journal.
store-journal-newer = { $path } was written by a newer carbonwatch (format { $version }). Use that version.
store-journal-too-large = { $records ->
    [one] One record is too large for one commit.
   *[other] { $records } records are too large for one commit.
}
store-journal-behind = The journal ends at record { $head }, but { $path } holds record { $known }: journal files are missing. Put them back, or restore from a backup.
store-state-unusable = The state database cannot be used: { $reason }. Restart the daemon: it rebuilds the state from the journal.
store-state-row = Row { $key } of { $tree } in the state database is damaged ({ $damage }). Rebuild the state from the journal.
store-state-held = Another process has the state database open. Find out which program works in the site’s directory, and end it.
store-state-busy = The state is still being written. Try again in a moment.
store-state-pin-ended = So much came in meanwhile that the state could not be held still for long enough. Nothing is wrong with it: try again at a quieter time.
store-export-damaged = { $path } is damaged at byte { $offset }.
store-identity-missing = { $path } is not there: this directory is not a site. Make one with “carbonwatch init”.
store-identity-exists = { $path } is there already: this directory is a site.
store-identity-damaged = { $path } is damaged. Take it from a backup of this site.
store-backup-not-empty = { $path } is not empty. Name a directory that does not exist yet, or an empty one.
store-backup-none = { $path } is not a finished backup: its manifest is missing.
store-backup-damaged = The backup is damaged: { $path } is not what was written. Nothing was restored. Use another backup.
store-backup-newer = { $path } was made by a newer carbonwatch (format { $format }). Use that version.
store-export-unsound = The state is damaged, so it was not exported. Run “carbonwatch verify”; the daemon rebuilds the state at its next start.
store-sealed-export-missing = Readings up to record { $needed } were dropped from the journal when their period was sealed, and { $path } has no whole export that holds what came of them. Copy the export that was kept in the second place back into it, then start again: of the files { $site }-NUMBER.cwx there the one with the highest number. It may keep its name.
store-second-place = { $path } cannot take the second copy of the export. Name a directory that exists, outside the site wherever links lead, as an absolute path; best on another disk
store-second-copy-taken = Nothing was sealed: { $path } is there already, and is not the copy of this export. Nothing of it was changed. Move it away, or name another directory, then seal again
store-second-copy-full = Nothing was sealed: there is no room in { $path } for the second copy of the export. What had been written of it was removed. Make room there, or name another directory, then seal again
store-second-copy-failed = Nothing was sealed: the second copy of the export could not be written in { $path }: { $reason }. See that the daemon may write there, or name another directory, then seal again
store-second-copy-differs = Nothing was sealed: the second copy of the export was not read back as it was written ({ $path }), and was removed. Look at that disk, or name another directory, then seal again
