export const domainName = 'domain';
