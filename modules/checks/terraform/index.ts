/**
 * Reads Terraform JSON, ours or anybody's, into data that can be judged: files → project → values. Nothing here knows AWS.
 *
 *     const project = loadTerraform(files);            // Map of path → text; throws Rejection
 *     const resolved = await resolveProject(project);  // expressions read, references followed
 *     for (const { address, values } of resolved.ofType('aws_instance')) …
 */
export * from './project';
export * from './resolved';
export * from './value';
export { loadTerraform } from './load';
export { resolveProject, resolveWith, templatesOf } from './resolve';
