### Texts of the room `wire`. Ids and arguments are the same in both languages.

wire-no-site = “{ $site }” is not a site's directory: it has no site.toml. Check the path, or make a new site: carbonwatch init { $site } --template minimal
wire-no-daemon = No daemon serves “{ $site }”. Ask the owner of the site's directory to run: carbonwatch serve { $site }
wire-not-permitted = You may not connect to the daemon of “{ $site }”. Ask the owner of the site's directory to add you to its group.
wire-goodbye = The daemon ended the connection: { $why }
wire-closed = The daemon closed the connection. Try again; if it happens again, look into the log directory of the site.
wire-silent = The daemon does not answer. Look into the log directory of the site.
wire-frame = A message between the daemon and this program cannot be read: { $error }. The two may be of different versions.
wire-frame-without-right = Your post may not enter readings, so that a request of yours may not be this large. Ask an administrator for the role.
wire-frame-too-large = A message of { $bytes ->
    [one] one byte
   *[other] { $bytes } bytes
} is too large; the most is { $most }. Send it in several parts.
wire-io = The connection to the daemon failed: { $error }
wire-unexpected = The daemon answered something that was not asked. The two programs may be of different versions: restart the daemon.

## Limits of requests

wire-part-too-large = A part of a file is too large ({ $given } B): { $most } B go at once
wire-batch-too-large = A batch holds at most { $most } readings; { $given } came. Send them in several batches.
wire-text-too-long = { $what } is too long: at most { $most } characters.
wire-typists-too-many = The request names too many people as having typed values; the most is { $most }
wire-seen-too-many = The request says what was seen in the place of { $seen ->
    [one] one reading
   *[other] { $seen } readings
}, and brings { $readings ->
    [one] one reading
   *[other] { $readings } readings
}.
wire-lines-too-many = The request names { $lines ->
    [one] one line
   *[other] { $lines } lines
} for { $readings ->
    [one] one reading
   *[other] { $readings } readings
}: there is at most one for each.
wire-limit-name = The name of where the readings came from
wire-limit-reason = The reason
wire-books-too-many = Too many books: a month is closed for { $most } at most.
wire-limit-note = note
wire-limit-staff-number = staff number
wire-limit-pin = PIN
wire-limit-digest = The digest
wire-limit-serial = The meter's serial number
wire-limit-number = The number
wire-limit-path = The path
wire-limit-key = The factor's id
wire-limit-preferences = The preferences
wire-courses = Parameters in one request for courses: 1 to { $most }; asked for: { $given }.
wire-columns = Columns of a course: 1 to { $most }; asked for: { $given }.
wire-stretch = The stretch must end after it begins; its longest length in days is { $days }.
wire-limit-words = The words to look for
wire-cells-too-many = Too many cells at once: { $given }; at most { $most }
wire-limit-cell = text of a cell
wire-values-too-many = Too many values on a document: { $given }; at most { $most }
wire-limit-form = what was written into forms
wire-limit-block = a block of documents
