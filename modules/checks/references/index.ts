/**
 * The linker: whether every `${…}` of a project means something that exists, and every argument is one that its provider
 * takes. It finds without providers or credentials what `terraform validate` and `plan` find with them.
 */
export { checkReferences, type LinkInput } from './link';
export { providerName } from './names';
export { REFERENCE_RULES, type ReferenceRule } from './rules';
