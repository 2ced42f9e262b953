// A storage account of the organisation's data: the backup repository and the break-glass book in its container, and all records in its tables. Its copy in a second
// region is another of the same.
@description('The name of the account.')
param name string

@description('The region.')
param location string

@description('Tags.')
param tags object

@description('The redundancy: Standard_LRS, Standard_ZRS, Standard_GRS or Standard_GZRS.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param sku string

@description('What blobs cost: Hot to keep more and read less, Cool to keep less and read more.')
@allowed(['Hot', 'Cool'])
param accessTier string

@description('The name of the container of the backup repository.')
param container string

@description('For how many days a deleted or overwritten blob, or a deleted container, can be brought back.')
@minValue(7)
@maxValue(365)
param softDeleteDays int

@description('For how many days no blob of the repository can be deleted or changed by anybody; 0 for none. Set when the container is made: one that exists needs a migration.')
@minValue(0)
@maxValue(146000)
param immutableDays int

@description('False where only private endpoints may reach it.')
param isPublic bool

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    accessTier: accessTier
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    allowCrossTenantReplication: false
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
    properties: {
      // Against a mistake, or somebody with the app's rights: a deleted pack can be brought back.
      isVersioningEnabled: true
      changeFeed: {
        enabled: true
        retentionInDays: softDeleteDays
      }
      deleteRetentionPolicy: {
        enabled: true
        days: softDeleteDays
      }
      containerDeleteRetentionPolicy: {
        enabled: true
        days: softDeleteDays
      }
    }

    resource repository 'containers@2025-01-01' = {
      name: container
      properties: immutableDays > 0 ? {
        publicAccess: 'None'
        immutableStorageWithVersioning: {
          enabled: true
        }
      } : {
        publicAccess: 'None'
      }

      // Unlocked: an owner can still shorten or remove it. Locking it is one way, and done by hand once it has been seen to work (docs/azure.md).
      resource immutability 'immutabilityPolicies@2025-01-01' = if (immutableDays > 0) {
        name: 'default'
        properties: {
          immutabilityPeriodSinceCreationInDays: immutableDays
          allowProtectedAppendWrites: false
        }
      }
    }
  }

  // Versions that nobody can need any more: without this every pruned pack would be paid for for ever. What is under an immutability policy stays until that ends.
  resource lifecycle 'managementPolicies@2025-06-01' = {
    name: 'default'
    properties: {
      policy: {
        rules: [
          {
            name: 'old-versions'
            enabled: true
            type: 'Lifecycle'
            definition: {
              filters: {
                blobTypes: ['blockBlob']
              }
              actions: {
                version: {
                  delete: {
                    daysAfterCreationGreaterThan: softDeleteDays
                  }
                }
              }
            }
          }
        ]
      }
    }
    dependsOn: [
      blobs
    ]
  }
}

output id string = account.id
output name string = account.name
output blobEndpoint string = account.properties.primaryEndpoints.blob
output tableEndpoint string = account.properties.primaryEndpoints.table
output containerUri string = '${account.properties.primaryEndpoints.blob}${container}'
