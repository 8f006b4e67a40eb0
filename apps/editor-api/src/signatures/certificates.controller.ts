import { MadeCertificate, NewKey } from '#contract';
import { Allow, AuthGuard, ForMachines, roles, type Authenticated } from '#platform';
import { Body, Controller, Post, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { problem } from '../http/route.js';
import { Signatures } from './signatures.js';

@Controller('certificates')
@UseGuards(AuthGuard)
@Allow([...roles])
@ForMachines('any')
@ApiTags('commands')
@ApiBearerAuth()
@problem(401, 'The token is missing or invalid.')
@problem(403, 'The token’s roles do not allow this.')
/** Certifies the keys with which people and programs sign their commands. */
export class CertificatesController {
  constructor(private readonly signatures: Signatures) {}

  @Post()
  @ApiOperation({
    summary:
      'Certify the public half of your key, for a few minutes: send the certificate with each command that you sign',
  })
  @ApiCreatedResponse({ standardSchema: MadeCertificate })
  @problem(404, 'This newsroom certifies no keys.')
  @problem(413, 'The body is larger than 256 KiB.')
  @problem(415, 'The body is not JSON.')
  @problem(422, 'The key is not a public key on P-256.')
  certify(@Body({ schema: NewKey }) { key }: NewKey, @Req() { principal }: Authenticated): Promise<MadeCertificate> {
    return this.signatures.certify(principal, key);
  }
}
