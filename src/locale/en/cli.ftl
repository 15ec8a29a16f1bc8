### Texts of the room `cli`. Ids and arguments are the same in both languages.

# calc
calc-no-method = Name a method, or list them all with --list.
calc-unknown-method = There is no method “{ $method }”. See them all with: carbonwatch calc --list
calc-not-an-input = “{ $given }” is not of the form name=value, such as electricity=120 or fuel_mass="1200 t".
calc-unknown-input = Method { $method } has no input “{ $input }”. It has: { $known }.
calc-given-twice = Input “{ $input }” is given twice. Give it once.
calc-missing = Method { $method } also needs: { $missing }.
calc-input = Input “{ $input }”: { $error }
calc-several-sets = Input “{ $input }”: factor { $key } is in several sets ({ $sets }). Choose one with --factor-set.
calc-period-needed = Input “{ $input }”: factor { $key } changes with time. Write its data year, as @{ $key }/2022, or give the month with --month.
calc-month = “{ $given }” is not a month. Write it as 2025-03.
calc-year = Input “{ $input }”: “{ $year }” is not a data year. Write it as @grid.national/2022.
calc-write = The answer cannot be written: { $error }
calc-factor = { $key }: { $name }, { $value }; { $document }, { $table } ({ $trust })
calc-provisional = { $factor }; provisional
calc-rounded = { $value }, rounded to the milligram (exactly { $exact } t)
calc-role-quantity = activity
calc-role-property = tested value, factor or constant
calc-role-factor = factor or constant

# init
init-unknown-template = There is no template “{ $template }”. Choose one of: { $known }.
init-not-empty = { $path } already holds something. Choose a new or an empty directory.
init-not-a-directory = { $path } is not a directory. Choose a new or an empty directory.
init-input-output = { $path } cannot be made: { $error }. Nothing was left behind.
init-refused = The site cannot be made so: { $problems }
init-done = Made the site { $path } from the template “{ $template }”.
init-next = Next: fit { $file } to your plant, then run: carbonwatch check { $path }

# check
check-input-output = { $path } cannot be read: { $error }
check-no-site = { $path } is not a site: it has no site.toml. Make one with: carbonwatch init { $path }
check-write = The answer cannot be written: { $error }
check-clean = { $file } is sound: { $nodes } nodes, { $meters } meters, { $parameters } parameters, { $sources } sources, { $books } books.
check-problems = { $file } has { $count ->
        [one] one problem
       *[other] { $count } problems
    }.
