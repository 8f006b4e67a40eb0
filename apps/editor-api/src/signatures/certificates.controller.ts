import { MadeCertificate, PublicKey } from '#contract';
import { Allow, AuthGuard, ForMachines, roles, type Authenticated } from '#platform';
import { Controller, Get, Query, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
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

  @Get()
  @ApiOperation({
    summary:
      'The certificate of your key for the next minutes: send it with each command that you sign. Nothing is stored',
  })
  @ApiOkResponse({ standardSchema: MadeCertificate })
  @problem(404, 'This newsroom certifies no keys.')
  @problem(422, 'The key is not a public key on P-256.')
  certify(@Query({ schema: PublicKey }) key: PublicKey, @Req() { principal }: Authenticated): Promise<MadeCertificate> {
    return this.signatures.certify(principal, { kty: 'EC', crv: 'P-256', ...key });
  }
}
