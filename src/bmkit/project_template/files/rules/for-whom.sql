-- A rule of this project's own: each answer to the question below is an issue.
-- id: own.for-whom
-- severity: error
-- title: A regimen does not say for whom it is.
-- why: Adults and children need other doses, and a dose without patients is taken for everybody's.
-- message: {dose_value} {dose_unit} of {product_label} is for nobody in particular
-- hint: name the population
-- kind: regimen
SELECT id, 'dose.value' AS field, dose_value, dose_unit, product_label
FROM regimen_labelled
WHERE population IS NULL
