import { describe, expect, it } from 'vitest';
import { credentialsFor } from './buildkit-session.js';

describe('credentialsFor', () => {
  const credentials = { username: 'jockey', password: 'sesame', serveraddress: 'registry.example:5000' };

  it('gives them to their own registry', () => {
    expect(credentialsFor('registry.example:5000', credentials)).toEqual({ Username: 'jockey', Secret: 'sesame' });
  });

  it('gives them to no other that a Dockerfile names', () => {
    for (const host of [
      'registry.example',
      'registry.example:5001',
      'evil.example',
      'registry.example:5000.evil.example',
    ])
      expect(credentialsFor(host, credentials)).toEqual({});
    expect(credentialsFor('registry.example:5000', null)).toEqual({});
  });
});
