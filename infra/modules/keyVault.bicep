// The key that the backup repository's own key is wrapped with, and the secret of the tracking codes.
@description('The name of the vault.')
param name string

@description('The region.')
param location string

@description('Tags.')
param tags object

@description('The secret of the tracking codes, as 64 hexadecimal digits.')
@secure()
param trackingKey string

@description('False where only private endpoints may reach it.')
param isPublic bool

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    // Whoever destroys the key destroys every backup: for 90 days nobody can.
    enablePurgeProtection: true
    publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isPublic ? 'Allow' : 'Deny'
    }
  }

  resource repositoryKey 'keys@2024-11-01' = {
    name: 'repository'
    properties: {
      kty: 'RSA'
      keySize: 3072
      keyOps: ['wrapKey', 'unwrapKey']
    }
  }

  resource tracking 'secrets@2024-11-01' = {
    name: 'tracking-key'
    properties: {
      value: trackingKey
    }
  }
}

output id string = vault.id
output name string = vault.name
output repositoryKeyUri string = vault::repositoryKey.properties.keyUri
output trackingSecretUri string = vault::tracking.properties.secretUri
