/** What this room offers: views that turn the events of a run into text, rows and JSON lines. */
export {DefaultView} from './default-view.js';
export {JsonView} from './json-view.js';
export {unifiedDiff} from './unified-diff.js';
export type {Streams, View, ViewOptions} from './view.js';
