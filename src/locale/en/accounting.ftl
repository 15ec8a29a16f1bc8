### Texts of the room `accounting`. Ids and arguments are the same in both languages.

# Arithmetic
accounting-overflow = The result is too large to be computed exactly. Check the values and their units.
accounting-division-by-zero = Something is divided by zero. Check the values.

# Trust in a catalogue value
trust-computed = exact arithmetic
trust-two-sources = two sources agree
trust-dataset = published data set
trust-transcription = from a transcription, to be confirmed
trust-secondary = quoted elsewhere, to be confirmed

# Categories
category-fuel-combustion = Fuel combustion
category-process = Process
category-purchased-electricity = Purchased electricity
category-purchased-heat = Purchased heat
category-sold-electricity = Sold electricity
category-sold-heat = Sold heat
category-recovery = Recovery and carbon fixed

# Factors
factor-unknown-key = The rules in force have no factor “{ $key }”. Choose one of the catalogue, or give a constant with its origin.
factor-not-in-sets = Factor “{ $key }” is in none of the book's factor sets; it is in { $sets }. Add that set to the book's factor_sets.
factor-not-for-period = Factor “{ $key }” has no row for { $month }; there are { $available }. Name a data_year, or give a constant with its origin.
factor-no-such-data-year = Factor “{ $key }” has no data year { $year }; there are { $available }.

# Methods
method-unknown = There is no method “{ $method }”. The list of methods names them all.
method-input-count = Method { $method } takes { $expected ->
    [one] one input
   *[other] { $expected } inputs
}, { $given } { $given ->
    [one] was
   *[other] were
} given.

# Binding
binding-unknown-method = Source “{ $source }”: there is no method “{ $method }” in the rules in force. Check its name and version.
binding-foreign-method = Source “{ $source }”: method { $method } of the rules in force differs from the one in this program. Install the version of carbonwatch that the rules were adopted with.
binding-missing-input = Source “{ $source }”: method { $method } needs input “{ $input }” in { $unit }. Bind it to a parameter, a factor or a constant.
binding-unknown-input = Source “{ $source }”: method { $method } has no input “{ $input }”. It has: { $known }.
binding-not-a-quantity = Source “{ $source }”: input “{ $input }” is a quantity. Bind it to a flow, a counter or an amount.
binding-wrong-kind = Source “{ $source }”: input “{ $input }” cannot be taken from parameter { $parameter }, which is { $kind ->
    [flow] a flow
    [counter] a counter
    [amount] an amount
    [property] a property
   *[state] a state
}. Quantities come from flows, counters and amounts, tested values from properties; factors come from the catalogue or are constants.
binding-wrong-window = Source “{ $source }”: input “{ $input }” cannot be taken over that window. Possible: { $allowed }.
binding-wrong-dimension = Source “{ $source }”, input “{ $input }”: { $error }
binding-unknown-parameter = Source “{ $source }”: input “{ $input }” names parameter number { $parameter }, which the model does not have.
binding-unknown-factor = Source “{ $source }”: input “{ $input }” names factor “{ $key }”, which the rules in force do not have. Choose one of the catalogue, or give a constant with its origin.
