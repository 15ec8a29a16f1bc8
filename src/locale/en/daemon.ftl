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
daemon-start-slow = The daemon was started but does not answer after { $seconds } seconds. See the log in { $log }.
daemon-cannot-start = Cannot start the daemon: { $error }
daemon-no-log = Cannot write the log in { $path }: { $error }. Check permissions and free space.

## Connections and rights

daemon-too-many-clients = There are too many connections. Close terminals that are not needed, then try again.
daemon-no-post = User { $user } has no post at this site. Ask { $owner } to give your user or group a role under posts in site.toml.
daemon-no-hello = There was no greeting in time; the connection is closed.
daemon-not-carbonwatch = What came is not a message of carbonwatch; the connection is closed.
daemon-other-version = The protocol versions differ: { $program } speaks { $theirs }, the daemon speaks { $ours }. Use the same version of the program, or restart the daemon.
daemon-no-right = User { $user } may not { $right }. If you need to, ask { $owner } to change the roles of your post.
daemon-right-read = look at this
daemon-right-enter = enter readings
daemon-right-correct = correct readings
daemon-right-model = change the model or adopt rules
daemon-right-administer = administer the daemon
daemon-batch-too-large = A batch holds at most { $most } readings; { $given } came. Send them in several batches.
daemon-answer-too-large = The result is too large ({ $bytes } bytes). Ask for a shorter period or fewer rows.
