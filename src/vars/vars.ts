/** What this room offers: which value a name has for a host at a task, and where it was written. */
export type {ReadVarsFiles} from './inventory-layers.js';
export {dictLayer, flatten, type Layer, lazyLayer, nodeLayer, type ReadNode, varsLayers} from './layer.js';
export {isMagicName, type PlayHosts, type RunFacts, searchFolders} from './magic.js';
export type {TaskScope} from './scope.js';
export {templateLayer} from './template-layer.js';
export {type Fallback, type SeenBy, type VariableSources, Variables} from './variables.js';
export {Watch} from './watch.js';
