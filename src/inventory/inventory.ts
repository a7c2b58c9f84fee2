/** What this room offers: hosts and groups read from all kinds of sources, what patterns mean, and the files of variables beside them. */
export {Group, Host, localNames, type Variable} from './host.js';
export {readLimit, splitHostPattern} from './host-patterns.js';
export {GroupFault, Inventory, type MatchOptions} from './hosts-and-groups.js';
export {type InventoryOptions, ignoredExtensions, loadInventory} from './load.js';
export {parsePythonLiteral} from './python-literal.js';
export {findVarsFiles, loadVarsFiles, readVarsFile, type VarsFile, type VarsFileOptions} from './vars-files.js';
