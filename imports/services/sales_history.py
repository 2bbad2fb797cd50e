def write_sales(rows, context):
    return 0
