// The storage account of the Functions host: the app's package, timers' leases, and (unless a scheduler is used) the task hub of the workflows.
@description('The name of the account.')
param name string

@description('The region.')
param location string

@description('Tags.')
param tags object

@description('The name of the container of the app\'s package.')
param packageContainer string

@description('False where only private endpoints may reach it.')
param isPublic bool

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: isPublic ? 'Allow' : 'Deny'
    }
  }

  resource blobs 'blobServices@2025-01-01' = {
    name: 'default'

    resource package 'containers@2025-01-01' = {
      name: packageContainer
    }
  }
}

output id string = account.id
output name string = account.name
output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
output tableEndpoint string = account.properties.primaryEndpoints.table
