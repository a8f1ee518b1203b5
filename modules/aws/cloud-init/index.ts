/**
 * What a data node does when it boots. The bash under scripts/ is the source, one concern a file; it takes every input from
 * variables, so there is nothing to substitute inside it. Rendering puts the variables before the scripts: inputs in, text
 * out. `scripts.json` is the same scripts as a module (constructs read no files), made by
 * `npm run generate`.
 */
export { kafkaUserData, type KafkaUserData } from './kafka';
export { mongodbUserData, type MongodbUserData } from './mongodb';
export { USER_DATA_LIMIT, userDataSize } from './render';
