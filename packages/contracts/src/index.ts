export { type CompatibilityMode, compatibilityModes, incompatibilities, type Incompatibility } from './compatibility.ts'
export { Contract, effectiveClassification, fieldsWithin, type EncodedRecord, type EncodeOptions } from './contract.ts'
export { type NamedSubject } from './encode.ts'
export { compileFilter, fieldsNamed, type Filter, type Filtered } from './filter.ts'
export {
  canonicalIdentifier,
  type CanonicalIdentifier,
  findIdentifier,
  identifierSchemes,
  refuseIdentifier,
} from './identifiers.ts'
export { type IncompatibilityCode } from './incompatibility-texts.ts'
export { jsonSchemaOf } from './json-schema.ts'
export { contractLimits } from './limits.ts'
export { type LintCode } from './lint-texts.ts'
export { lintContract, type LintedDocument, type LintWarning } from './lint.ts'
export { MacKey } from './mac-key.ts'
export { avroName, typeOfAvroName, type TypeParts, typeParts } from './names.ts'
export { rucCheckDigits } from './pa-ruc-check-digits.ts'
export { Parameters } from './parameters.ts'
export { canonicalJson, type Payload, payloadHash } from './payload-hash.ts'
export { periodBefore, periodDays } from './period.ts'
export { type Projection } from './projection.ts'
export { deriveKey, pairwisePseudonym, pseudonymOf, rootPseudonym } from './pseudonyms.ts'
export { type Classification, classifications, type Doc, type Field, type Identifying, type Shape } from './shape.ts'
export { sampleData } from './sample.ts'
export { institutionScheme } from './unavez-institution.ts'
export { schemaIdOf, wireHeaderBytes } from './wire.ts'
