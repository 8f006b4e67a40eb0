export { bytesOfRecord, newFileSecret, openFile, sealedSize, sealFile } from './aes128gcm.js';
export * from './drafts.js';
export * from './port.js';
export * from './sealing.js';
export * from './store.js';
export * from './tickets.js';
