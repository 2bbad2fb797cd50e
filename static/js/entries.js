export function startEntries() {}
